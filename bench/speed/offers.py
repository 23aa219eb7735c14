"""Offers to accept and orders to pay, made beforehand through the real API, each for one use."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.speed import traffic
from bench.speed.asking import ask_all
from bench.speed.flows import accept_request, pay_request, types_of
from bench.speed.traffic import Customer, Market


@dataclass(frozen=True, slots=True)
class Shown:
    """An offer that somebody has been shown."""

    customer: Customer
    offer: dict[str, Any]

    def accept(self, key: str = "") -> bytes:
        """Its accept."""
        return accept_request(self.offer["id"], self.customer.headers, types=types_of(self.offer), key=key)


def is_plain(offer: dict[str, Any]) -> bool:
    """One direct flight without a lounge: an order that needs one row of the ledger, whatever else is in it."""
    [slice] = offer["slices"]
    return len(slice["segments"]) == 1 and not any(item["type"] == "lounge" for item in offer["items"])


class Shelf:
    """Makes offers as they are wanted. One that was handed out is not handed out again."""

    def __init__(
        self,
        port: int,
        markets: Sequence[Market],
        people: Sequence[Customer],
        *,
        fits: Callable[[dict[str, Any]], bool] = is_plain,
    ) -> None:
        self._port, self._people, self._fits = port, people, fits
        self._wanted = traffic.each_once(markets, seed=2)
        self._stock: list[Shown] = []
        self._turn = 0

    def take(self, count: int) -> list[Shown]:
        """So many; raises UnexpectedReply, and LookupError when searches show none that fits."""
        while len(self._stock) < count:
            before = len(self._stock)
            self._stock += self._search(max(40, (count - len(self._stock)) // 2))
            if len(self._stock) == before:
                raise LookupError("no search shows an offer that fits")
        taken, self._stock = self._stock[:count], self._stock[count:]
        return taken

    def put_back(self, unused: Sequence[Shown]) -> None:
        """Offers that were taken and not sent."""
        self._stock += unused

    def _search(self, count: int) -> Iterator[Shown]:
        people = [self._people[(self._turn + n) % len(self._people)] for n in range(count)]
        self._turn += count
        requests = traffic.searches(self._wanted, people, count=count, seed=self._turn, alone=True)
        for customer, found in zip(people, ask_all(self._port, requests), strict=True):
            yield from (Shown(customer, offer) for offer in found["offers"] if self._fits(offer))


def accepted(port: int, shown: Sequence[Shown]) -> list[tuple[Customer, dict[str, Any]]]:
    """The orders that these offers become."""
    orders = ask_all(port, (each.accept() for each in shown))
    return [(each.customer, order) for each, order in zip(shown, orders, strict=True)]


def paid(port: int, orders: Sequence[tuple[Customer, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The same orders, paid for."""
    return list(ask_all(port, (pay_request(order["id"], customer.headers) for customer, order in orders)))
