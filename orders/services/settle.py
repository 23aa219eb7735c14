"""The money has arrived."""

from typing import Any

from altis.shared.actors import Cause
from altis.store import jobs
from altis.store.database import db_clock
from altis.store.reading import find
from altis.store.transition import move, move_many
from catalog.services.holds import held_units, sell_units
from orders.lifecycle import ItemStatus, OrderStatus
from orders.models import Order, OrderItem


def mark_paid(order: Order, *, payment: dict[str, Any], cause: Cause, hint: bool = True) -> None:
    """PAYMENT_PENDING to PAID on a locked order, in the caller's transaction: its holds are sold.

    Without `hint` no worker is asked to issue the documents: the caller does so itself, right after the commit.
    """
    facts = with_fact(order.payments, payment)
    move(order, OrderStatus.PAID, cause=cause, payments=facts, fulfil_at=order.seen_at or db_clock())
    items = find(OrderItem, "WHERE order_id = $1 AND status = 'HELD' ORDER BY position", order.pk)
    holds = held_units([order.pk])
    move_many(items.all(), ItemStatus.CONFIRMED, cause=cause)
    sell_units([order.pk], cause=cause, held=holds)
    if hint:
        jobs.enqueue("orders.fulfil", order.pk)


def with_fact(facts: list[dict[str, Any]], fact: dict[str, Any]) -> list[dict[str, Any]]:
    """A copy of the facts in which this one stands in the place of the one with the same id, or last."""
    if any(known["id"] == fact["id"] for known in facts):
        return [fact if known["id"] == fact["id"] else known for known in facts]
    return [*facts, fact]
