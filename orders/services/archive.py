"""Closing the books on what has been flown."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from altis.shared.actors import Actor, Cause, system
from altis.store.database import DbNow, command
from altis.store.transition import move, move_many
from catalog.selectors import stranded_holds
from orders.errors import OrderNotArchivable
from orders.lifecycle import OrderStatus
from orders.models import Order

AFTER = timedelta(days=1)
BATCH = 200


def archive_flown(*, limit: int = BATCH) -> int:
    """Archive one batch of fulfilled orders whose last flight arrived a day ago; returns how many.

    Who has a seat on a flight that was cancelled has not flown: such an order waits for a person, since an archived
    one can be neither rebooked nor refunded.
    """
    stranded = stranded_holds().filter(order_id=OuterRef("pk"))
    with command():
        flown = list(
            Order.objects.filter(~Exists(stranded), status=OrderStatus.FULFILLED, arrives_at__lte=DbNow() - AFTER)
            .order_by("arrives_at")
            .select_for_update(skip_locked=True, no_key=True)[:limit]
        )
        move_many(flown, OrderStatus.ARCHIVED, cause=system("archive", "flown"))
    return len(flown)


def archive_order(*, order_id: str, actor: Actor, reason: str) -> Order:
    """Archive one order on a member of staff's word, also one of a cancelled flight for which nothing is owed.

    Raises OrderNotArchivable unless its last arrival was a day ago.
    """
    with command():
        order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
        if order.status != OrderStatus.FULFILLED:
            raise OrderNotArchivable
        flown = Order.objects.filter(Q(arrives_at__lte=DbNow() - AFTER), pk=order_id).exists()
        if not flown:
            raise OrderNotArchivable
        move(order, OrderStatus.ARCHIVED, cause=Cause(actor, reason))
    return order
