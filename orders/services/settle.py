"""The money has arrived."""

from typing import Any

from altis.shared.actors import Cause
from altis.store import jobs
from altis.store.database import db_clock
from altis.store.transition import move, move_many
from catalog.services.holds import sell_units
from orders.lifecycle import ItemStatus, OrderStatus
from orders.models import Order
from orders.services.parts import Sold


def mark_paid(order: Order, *, payment: dict[str, Any], cause: Cause, hint: bool = True) -> None:
    """PAYMENT_PENDING to PAID on a locked order, in the caller's transaction: its holds are sold.

    Without `hint` no worker is asked to issue the documents: the caller does so itself.
    """
    sold = Sold(order.pk)
    facts = with_fact(order.payments, payment)
    move(order, OrderStatus.PAID, cause=cause, payments=facts, fulfil_at=order.seen_at or db_clock())
    move_many(sold.items_that_are(ItemStatus.HELD), ItemStatus.CONFIRMED, cause=cause)
    sell_units([order.pk], cause=cause, held=sold.held)
    if hint:
        jobs.enqueue("orders.fulfil", order.pk)


def with_fact(facts: list[dict[str, Any]], fact: dict[str, Any]) -> list[dict[str, Any]]:
    """A copy of the facts in which this one stands in the place of the one with the same id, or last."""
    if any(known["id"] == fact["id"] for known in facts):
        return [fact if known["id"] == fact["id"] else known for known in facts]
    return [*facts, fact]
