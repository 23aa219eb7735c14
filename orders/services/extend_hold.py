"""Giving a customer more time to pay, within limits."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from altis.shared.actors import Actor, Cause
from altis.store.database import DbClock, command, retried
from catalog.models import Hold
from orders.errors import HoldNotExtendable, OrderGone
from orders.lifecycle import OrderChange, OrderStatus
from orders.models import Order, OrderEvent
from orders.placing import departs_at
from orders.services.change import change_order
from orders.services.checkout import check_seen, is_past_deadline, lock_order


def extend_hold(*, order_id: str, minutes: int, actor: Actor, reason: str, seen: int | None = None) -> Order:
    """Move the deadline of a PROPOSED order by so many minutes; returns the order.

    At most ALTIS_HOLD_EXTENSIONS times, never past the sales cut-off of the first flight, and never more than
    ALTIS_LONGEST_HOLD_SECONDS after the order began. `seen` is the version that this was decided on, if the caller
    knows it. Raises OrderNotFound, LostRace, OrderGone when the hold has ended, and HoldNotExtendable beyond these
    limits, for every other status, and when a flight was cancelled.
    """

    def work() -> Order:
        with command():
            order = lock_order(order_id)
            _check(order)
            check_seen(order, seen)
            longest = settings.ALTIS_LONGEST_HOLD_SECONDS // 60
            until = order.expires_at + timedelta(minutes=max(0, min(minutes, longest + 1)))
            if minutes <= 0 or until > latest_end(order):
                raise HoldNotExtendable(f"The hold can last until {latest_end(order):%Y-%m-%d %H:%M} UTC.")
            in_time = Q(expires_at__gt=DbClock())
            cause = Cause(actor, reason)
            change_order(order, OrderChange.EXTENDED, cause=cause, only_if=in_time, lost=OrderGone, expires_at=until)
        return order

    return retried(work)


def latest_end(order: Order) -> datetime:
    """The last instant to which the hold of an order may be extended, however often."""
    cutoff = departs_at(order.slices) - timedelta(seconds=settings.ALTIS_SALES_CUTOFF_SECONDS)
    longest = timedelta(seconds=settings.ALTIS_LONGEST_HOLD_SECONDS)
    end: datetime = min(order.created_at + longest, cutoff)
    return end


def _check(order: Order) -> None:
    if order.status == OrderStatus.EXPIRED or is_past_deadline(order):
        raise OrderGone
    if order.status != OrderStatus.PROPOSED:
        raise HoldNotExtendable("Only an order that waits for its payment has a hold to extend.")
    if Hold.objects.filter(order_id=order.pk, inventory__flight__cancelled_at__isnull=False).exists():
        raise HoldNotExtendable("A flight of this order was cancelled.")
    extended = OrderEvent.objects.filter(order_id=order.pk, change=OrderChange.EXTENDED).count()
    if extended >= settings.ALTIS_HOLD_EXTENSIONS:
        raise HoldNotExtendable(f"This hold has been extended {extended} times already.")
