"""Giving an unpaid order up."""

from collections.abc import Sequence
from typing import Any

from altis.shared.actors import Actor, Cause
from altis.store.claims import NO_CLAIM, Claim
from altis.store.database import DbNow, command, db_clock, retried
from altis.store.transition import move, move_many
from catalog.models import SeatAssignment
from catalog.services.holds import release_units
from orders.errors import OrderNotCancellable
from orders.lifecycle import ItemStatus, OrderStatus
from orders.models import Order, OrderItem


def cancel_order(*, order_id: str, actor: Actor, reason: str, claim: Claim = NO_CLAIM) -> Order:
    """Cancel an order that waits for its payment, and put what it held on sale again.

    Raises OrderNotCancellable for every other order, also for one whose hold has ended and one that is being paid.
    """

    def work() -> Order:
        with command():
            claim.open(resource=order_id)
            order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
            if order.status != OrderStatus.PROPOSED or db_clock() >= order.expires_at:
                raise OrderNotCancellable
            cancel_locked(order, cause=Cause(actor, reason))
            claim.seal(order)
        return order

    return retried(work)


def cancel_locked(order: Order, *, cause: Cause, **also: Any) -> None:
    """The same on a locked order, in the caller's transaction, whatever its clock says."""
    move(order, OrderStatus.CANCELLED, cause=cause, **also)
    let_go([order.pk], cause=cause)


def let_go(order_ids: Sequence[str], *, cause: Cause) -> None:
    """Cancel the items of unpaid orders, and free their seats and holds, in the caller's transaction."""
    items = list(OrderItem.objects.filter(order_id__in=order_ids, status=ItemStatus.HELD).order_by("pk"))
    move_many(items, ItemStatus.CANCELLED, cause=cause)
    SeatAssignment.objects.filter(order_id__in=order_ids, released_at__isnull=True).update(released_at=DbNow())
    release_units(order_ids, cause=cause)
