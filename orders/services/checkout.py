"""The lock-in: while a payment is being decided, neither the sweep nor the customer can take the order away.

Every function here works on an order whose row the caller has locked, in the caller's transaction.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q

from altis.shared.actors import Cause
from altis.store.database import DbClock, ask_clock, db_clock
from altis.store.reading import find
from altis.store.transition import LostRace, move
from catalog.models import Flight
from orders.errors import OrderGone, OrderNotFound, OrderNotPayable, PaymentInProgress
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.rebooking import segments_of
from orders.services.cancel import cancel_locked
from orders.services.settle import with_fact

Fact = dict[str, Any]
_LOCKED = "WHERE id = $1 FOR NO KEY UPDATE"
_OF_OWNER = "WHERE id = $1 AND owner_id = $2 FOR NO KEY UPDATE"


def lock_order(order_id: str, *, owner_id: str = "") -> Order:
    """The order, with its row locked until the caller's transaction ends. What is queued is sent with it.

    With an owner, raises OrderNotFound for an order that is not theirs, which is not even locked.
    """
    asked = find(Order, _OF_OWNER, order_id, owner_id) if owner_id else find(Order, _LOCKED, order_id)
    clock = ask_clock()
    locked = asked.first()
    if locked is None:
        raise OrderNotFound
    locked.seen_at = clock()
    return locked


def check_seen(order: Order, version: int | None) -> None:
    """Pass when a locked order is still as its caller saw it (None: the caller does not say); raises LostRace.

    For what may be done several times: whoever sends one decision twice has it carried out once.
    """
    if version is not None and version != order.version:
        raise LostRace


def is_past_deadline(order: Order) -> bool:
    """Whether a locked order's hold has ended, by the database's clock read after the lock."""
    return order.status == OrderStatus.PROPOSED and instant_of(order) >= order.expires_at


def instant_of(order: Order) -> datetime:
    """The database's clock as it was read right after the order's lock; now, for an order that came otherwise."""
    return order.seen_at or db_clock()


def has_departed(order: Order, flight_id: str = "") -> bool:
    """Whether a flight of a locked order, or its first one, is past its departure and was not cancelled."""
    segments = segments_of(order.slices)
    segment = next((each for each in segments if not flight_id or each["flight_id"] == flight_id), None)
    if segment is None or instant_of(order) < datetime.fromisoformat(segment["departing_at"]):
        return False
    return not Flight.objects.filter(pk=segment["flight_id"], cancelled_at__isnull=False).exists()


def check_payable(order: Order) -> None:
    """Pass when a locked order waits for a payment; raises OrderGone, PaymentInProgress or OrderNotPayable."""
    if order.status == OrderStatus.EXPIRED or is_past_deadline(order):
        raise OrderGone
    if order.status == OrderStatus.PAYMENT_PENDING:
        raise PaymentInProgress(retry_after=2)
    if order.status != OrderStatus.PROPOSED:
        raise OrderNotPayable


def lock_in(order: Order, *, payment: Fact, cause: Cause) -> None:
    """PROPOSED to PAYMENT_PENDING: from here on the hold stays, however late the clock.

    Refused with OrderGone, at the latest in place of the commit.
    """
    in_time = Q(expires_at__gt=DbClock())
    facts = with_fact(order.payments, payment)
    # The row is locked, so nothing but the clock can have moved since it was read.
    move(order, OrderStatus.PAYMENT_PENDING, cause=cause, only_if=in_time, lost=OrderGone, payments=facts)


def lock_in_late(order: Order, *, payment: Fact, cause: Cause) -> None:
    """The same for money that has already arrived while the seats were still held: the deadline no longer matters."""
    move(order, OrderStatus.PAYMENT_PENDING, cause=cause, payments=with_fact(order.payments, payment))


def release_lock(order: Order, *, payment: Fact, cause: Cause) -> None:
    """PAYMENT_PENDING back to PROPOSED after a retryable decline; the clock of the hold is unchanged."""
    move(order, OrderStatus.PROPOSED, cause=cause, payments=with_fact(order.payments, payment))


def cancel_unpaid(order: Order, *, payment: Fact, cause: Cause) -> None:
    """PAYMENT_PENDING to CANCELLED after a final decline; what it held is for sale again."""
    cancel_locked(order, cause=cause, payments=with_fact(order.payments, payment))


def note_money(order: Order, *, payment: Fact | None = None, refund: Fact | None = None) -> None:
    """Write down money that changes no status, such as the refund of what came too late."""
    if payment is not None:
        order.payments = with_fact(order.payments, payment)
    if refund is not None:
        order.refunds = with_fact(order.refunds, refund)
    order.save(update_fields=["payments", "refunds"])
