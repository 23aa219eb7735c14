"""Giving up what was paid for: the airline takes back what it sold."""

from typing import Any

from altis.shared.actors import Cause
from altis.store.database import DbNow
from altis.store.transition import move, move_many
from catalog.models import SeatAssignment
from catalog.services.give_up import return_units
from orders.lifecycle import ItemStatus, OrderStatus
from orders.models import Order
from orders.services.parts import Sold
from orders.services.replace_documents import void_documents


def give_up_paid(order: Order, *, cause: Cause, **also: Any) -> None:
    """PAID or FULFILLED to CANCELLED on a locked order, in the caller's transaction, which gives the money back.

    Its items are REFUNDED, its documents void, its seats and extras for sale again. `also` are columns of the order.
    """
    sold = Sold(order.pk)
    confirmed = sold.items_that_are(ItemStatus.CONFIRMED)
    move(order, OrderStatus.CANCELLED, cause=cause, **also)
    move_many(confirmed, ItemStatus.REFUNDED, cause=cause)
    void_documents(order.pk)
    SeatAssignment.objects.filter(order_id=order.pk, released_at__isnull=True).update(released_at=DbNow())
    # The ledger comes last: its rows are locked for the shortest time.
    return_units([item.pk for item in confirmed if item.inventory_id is not None], cause=cause)
