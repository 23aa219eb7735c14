"""Giving an unpaid order up."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from altis.shared.actors import Actor, Cause
from altis.store.claims import NO_CLAIM, Claim
from altis.store.database import DbNow, command, db_clock, retried
from altis.store.sets import AnyOf, move_set
from altis.store.transition import move
from catalog.models import SeatAssignment
from catalog.services.release import release_set
from orders.errors import OrderNotCancellable
from orders.lifecycle import ItemStatus, OrderStatus
from orders.models import Order, OrderItem
from orders.selectors import load_parts


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
            load_parts([order])
            claim.seal(order)
        return order

    return retried(work)


def cancel_locked(order: Order, *, cause: Cause, **also: Any) -> None:
    """The same on a locked order, in the caller's transaction, whatever its clock says."""
    move(order, OrderStatus.CANCELLED, cause=cause, **also)
    let_go([order.pk], cause=cause)


def let_go(order_ids: Sequence[str], *, cause: Cause) -> None:
    """Cancel the items of unpaid orders, and free their seats and holds, in the caller's transaction."""
    theirs = AnyOf(F("order_id"), order_ids)
    move_set(OrderItem.objects.filter(theirs), ItemStatus.CANCELLED, came_from=ItemStatus.HELD)
    SeatAssignment.objects.filter(theirs, released_at__isnull=True).update(released_at=DbNow())
    # The ledger comes last: its rows are locked for the shortest time.
    release_set(order_ids, cause=cause)
