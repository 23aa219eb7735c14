"""What orders keep of a person: who travels, how to reach them, and what they show at the gate."""

from collections.abc import Collection, Iterable
from typing import Any

from altis.privacy.keepers import Keeper, Objection, register
from orders.api.presenters import present_event, present_order
from orders.models import Order
from orders.selectors import erasure_objections, events_of, load_parts, orders_with, travellers_of
from orders.services.forget import forget_clients, forget_names


@register
class OrdersKeeper(Keeper):
    """Passengers are persons of their own, and belong to the account that named them as well."""

    name = "orders"

    def lock(self, person: str) -> bool:
        """A passenger is known by an order; nothing is ever added to one."""
        return person in travellers_of(person)

    def subjects(self, person: str) -> Iterable[str]:
        """Everybody who travels in the person's orders."""
        return travellers_of(person)

    def objections(self, person: str) -> Iterable[Objection]:
        """`order_not_flown`: paid for and not flown. `payment_open`: held, and perhaps being paid for."""
        return [Objection(reason, order_id) for reason, order_id in erasure_objections(person)]

    def erase(self, subjects: Collection[str]) -> None:
        """The keyed hash of the address an order was placed from, and the blind indexes; all else was sealed."""
        forget_clients(subjects)
        forget_names(subjects)

    def export(self, person: str) -> list[dict[str, Any]]:
        """The orders as their owner sees them, each with its history. A passenger is shown their own part alone."""
        orders = list(orders_with(person).order_by("id"))
        load_parts(orders)
        return [_mine(_whole(order), person) for order in orders]


def _whole(order: Order) -> dict[str, Any]:
    return {**present_order(order), "history": [present_event(event) for event in events_of(order)]}


def _mine(order: dict[str, Any], person: str) -> dict[str, Any]:
    if not person.startswith("pax_"):
        return order
    parts = {name: order[name] for name in ("id", "reference", "status", "created_at", "slices", "conditions")}
    return {
        **parts,
        "passengers": [one for one in order["passengers"] if one["id"] == person],
        **{name: [one for one in order[name] if one["passenger_id"] == person] for name in ("items", "documents")},
    }
