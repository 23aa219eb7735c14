"""Giving the money of a paid order back: all of it, which ends the order, or a part, which leaves it as it is."""

from altis.shared.actors import Actor, Cause
from altis.shared.money import Money
from altis.store import jobs
from altis.store.database import command, retried
from altis.store.failpoints import failpoint
from altis.store.reading import find
from altis.store.transition import begin, move
from orders.errors import OrderFlown, OrderNotRefundable
from orders.lifecycle import SOLD, OrderChange
from orders.models import Order
from orders.services.change import change_order
from orders.services.checkout import check_seen, has_departed, instant_of, lock_order
from orders.services.give_up import give_up_paid
from orders.services.settle import with_fact
from payments.errors import RefundTooLarge
from payments.lifecycle import PaymentStatus
from payments.models import GIVEN_BACK, GOODWILL, Payment, Refund
from payments.selectors import left_of

_CAPTURED = "WHERE order_id = $1 AND purpose = 'sale' AND status = 'SUCCEEDED' FOR NO KEY UPDATE"


def give_back(
    *, order_id: str, actor: Actor, reason: str, amount: Money | None = None, seen: int | None = None
) -> Order:
    """Refund a PAID or FULFILLED order; returns the order as it is then.

    Without `amount` all that was captured and not given back yet goes back: the order is CANCELLED, its items are
    REFUNDED, its seats and extras for sale again, its documents void. With `amount` (in the order's currency, less than
    what is left) only the money moves; this is also allowed after the first departure, until the order is archived.
    The money itself is sent by a worker. `seen` is the version of the order that this was decided on, if the caller
    knows it: a part that is asked for twice is given once. Raises OrderNotFound, LostRace, OrderNotRefundable,
    OrderFlown or RefundTooLarge.
    """
    cause = Cause(actor, reason)

    def work() -> Order:
        with command():
            order = lock_order(order_id)
            payment = _captured(order)
            check_seen(order, seen)
            if amount is None:
                _give_all(order, payment, cause=cause)
            else:
                _give_some(order, payment, amount, cause=cause)
            jobs.enqueue("payments.send_refunds")
            failpoint("give_back.before_commit")
        return order

    return retried(work)


def _captured(order: Order) -> Payment:
    """The payment that the order was paid with, locked behind its order, as everywhere."""
    payment = find(Payment, _CAPTURED, order.pk).first() if order.status in SOLD else None
    if payment is None:
        raise OrderNotRefundable
    return payment


def _give_all(order: Order, payment: Payment, *, cause: Cause) -> None:
    if has_departed(order):
        raise OrderFlown
    left = left_of(payment)
    move(payment, PaymentStatus.REFUND_PENDING, cause=cause)
    refund = _owe(order, payment, left, GIVEN_BACK, cause=cause)
    facts = {
        "payments": with_fact(order.payments, payment.fact()),
        "refunds": with_fact(order.refunds, refund.fact()),
    }
    give_up_paid(order, cause=cause, **facts)


def _give_some(order: Order, payment: Payment, amount: Money, *, cause: Cause) -> None:
    if amount.currency != payment.currency or not 0 < amount.minor < left_of(payment):
        raise RefundTooLarge.at("/amount")
    number = Refund.objects.filter(payment=payment, cause__startswith=GOODWILL).count() + 1
    refund = _owe(order, payment, amount.minor, f"{GOODWILL}{number}", cause=cause)
    facts = with_fact(order.refunds, refund.fact())
    change_order(order, OrderChange.COMPENSATED, cause=cause, refunds=facts)


def _owe(order: Order, payment: Payment, minor: int, why: str, *, cause: Cause) -> Refund:
    now = instant_of(order)
    refund = Refund(
        payment=payment,
        cause=why,
        amount_minor=minor,
        currency=payment.currency,
        created_at=now,
        attempt_at=now,
    )
    begin(refund, cause=cause)
    return refund
