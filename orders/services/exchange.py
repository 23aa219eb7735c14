"""The items of one flight as they become on another one: the same products for the same money."""

from collections.abc import Sequence
from dataclasses import dataclass

from altis.store.making import make
from catalog.models import Flight, Inventory, ProductType, SeatAssignment
from catalog.selectors import ExtrasOnSale, extras_on_sale
from offers.presenting import amount
from orders.errors import RebookingImpossible
from orders.models import Order, OrderItem

_SAME = (
    "order_id",
    "product_id",
    "type",
    "name",
    "quantity",
    "unit_minor",
    "total_minor",
    "currency",
    "segment",
    "cabin",
    "passenger_type",
    "passenger_id",
    "units",
    "offered",
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An item, what takes its place, and the seat that goes with it; neither of the latter is written yet."""

    old: OrderItem
    new: OrderItem
    seat: SeatAssignment | None


def exchange(items: Sequence[OrderItem], flight: Flight, order: Order, *, first_position: int) -> list[Exchange]:
    """What takes the place of each item on another flight.

    A named seat stays the same where the other flight has it and it is free; else it is given at the airport. Raises
    RebookingImpossible when the flight has no such cabin, or does not offer what was bought.
    """
    if not items:
        raise RebookingImpossible("The order has nothing on that flight.")
    stock = {
        (row.cabin, row.product_id): row.pk for row in Inventory.objects.filter(flight_id=flight.pk).order_by("pk")
    }
    seats = _Seats(flight, [item.product_id for item in items if item.seat])
    why = f"Moved to {flight.carrier} {flight.flight_number} of {flight.departure_date:%Y-%m-%d}"
    nothing = {"label": why, "amount": amount(0, order.currency)}
    found = []
    for position, old in enumerate(items, first_position):
        new = make(
            OrderItem,
            **{name: getattr(old, name) for name in _SAME},
            position=position,
            flight_id=flight.pk,
            inventory_id=_inventory(old, stock),
            seat=seats.free(old),
            price_explanation=[*old.price_explanation, nothing],
        )
        found.append(Exchange(old, new, _assignment(new)))
    return found


def _inventory(item: OrderItem, stock: dict[tuple[str, str | None], int]) -> int | None:
    if item.inventory_id is None:
        return None
    key = (item.cabin, None) if item.type == ProductType.FLIGHT else ("", item.product_id)
    if key not in stock:
        raise RebookingImpossible(f"That flight does not offer {item.name}.")
    return stock[key]


def _assignment(item: OrderItem) -> SeatAssignment | None:
    if not item.seat:
        return None
    return make(
        SeatAssignment,
        flight_id=item.flight_id,
        seat=item.seat,
        order_id=item.order_id,
        item_id=item.pk,
        passenger_id=item.passenger_id,
    )


class _Seats:
    """The named seats of a flight that nobody has."""

    def __init__(self, flight: Flight, product_ids: Sequence[str]) -> None:
        self._flight = flight
        self._on_sale: ExtrasOnSale = extras_on_sale(product_ids, [flight.pk])
        taken = SeatAssignment.objects.filter(flight_id=flight.pk, released_at__isnull=True) if product_ids else None
        self._taken = set(taken.values_list("seat", flat=True)) if taken is not None else set()

    def free(self, item: OrderItem) -> str:
        """The item's own seat where it exists and is free, else none."""
        there = self._on_sale.has_seat(self._flight.pk, item.cabin, item.seat) if item.seat else False
        return item.seat if there and item.seat not in self._taken else ""
