"""What the overview draws, taken by its word: `DECR availability (Hard Hold)`, then `INSERT order`.

The key has to come from somewhere: whoever finds none counts the orders and sets it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, auto
from typing import NamedTuple


class Step(IntEnum):
    """What a customer's request does next."""

    LOOK = auto()
    COUNT = auto()
    SET = auto()
    DECREASE = auto()
    INSERT = auto()
    INCREASE = auto()
    OVER = auto()


class Shop(NamedTuple):
    """Orders in PostgreSQL, the counter in Redis (None: no key), each customer's step and what it has counted."""

    orders: int
    counter: int | None
    customers: tuple[tuple[Step, int], ...]

    def at(self, who: int, step: Step, counted: int = 0) -> "Shop":
        """The same shop with one customer a step further."""
        return self._replace(customers=(*self.customers[:who], (step, counted), *self.customers[who + 1 :]))


@dataclass(frozen=True, slots=True)
class Overview:
    """A model for the explorer: customers A, B … want one of `capacity` seats each."""

    customers: str = "AB"
    capacity: int = 1
    cold: bool = True
    crashes: bool = False

    @property
    def first(self) -> Shop:
        """No order, and the counter absent or right."""
        return Shop(0, None if self.cold else self.capacity, ((Step.LOOK, 0),) * len(self.customers))

    def moves(self, shop: Shop) -> Iterator[tuple[str, Shop]]:
        """Every customer's next step; a crash in any of them."""
        for who, name in enumerate(self.customers):
            if shop.customers[who][0] is not Step.OVER:
                step, after = self._go_on(shop, who)
                yield f"{name} {step}", after
                if self.crashes:
                    yield f"{name} dies", shop.at(who, Step.OVER)

    def broken(self, shop: Shop) -> str:
        """No seat is sold twice."""
        return "oversold" if shop.orders > self.capacity else ""

    def at_rest(self, shop: Shop) -> bool:
        """Nobody is on the way."""
        return all(step is Step.OVER for step, _ in shop.customers)

    def broken_at_rest(self, shop: Shop) -> str:
        """The counter says what is left; nothing in the overview would mend it."""
        right = shop.counter is None or shop.counter == self.capacity - shop.orders
        return "" if right else "a seat is lost for good"

    def _go_on(self, shop: Shop, who: int) -> tuple[str, Shop]:
        step, counted = shop.customers[who]
        counter = shop.counter or 0
        match step:
            case Step.LOOK if shop.counter is None:
                move = "finds no key", shop.at(who, Step.COUNT)
            case Step.LOOK:
                move = "finds the key", shop.at(who, Step.DECREASE)
            case Step.COUNT:
                move = "counts the orders", shop.at(who, Step.SET, shop.orders)
            case Step.SET:
                move = "SETs the key", shop.at(who, Step.DECREASE)._replace(counter=self.capacity - counted)
            case Step.DECREASE if counter > 0:
                move = "DECRs and has a seat", shop.at(who, Step.INSERT)._replace(counter=counter - 1)
            case Step.DECREASE:
                move = "DECRs below zero", shop.at(who, Step.INCREASE)._replace(counter=counter - 1)
            case Step.INCREASE:
                move = "INCRs it back", shop.at(who, Step.OVER)._replace(counter=counter + 1)
            case _:
                move = "INSERTs its order", shop.at(who, Step.OVER)._replace(orders=shop.orders + 1)
        return move
