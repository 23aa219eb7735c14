"""What the gateway says becomes what we say: one function for the API's answer, the webhook and the janitor.

Idempotent, and the same whatever order the channels speak in. Money that cannot be used is never kept: it is marked
for refund in the same transaction. A final status of an order is never left.
"""

from collections.abc import Callable
from typing import Protocol

import structlog
from django.conf import settings

from altis.shared.actors import Cause
from altis.shared.money import Money
from altis.store import jobs
from altis.store.database import ask_clock, command, db_clock, retried
from altis.store.failpoints import failpoint
from altis.store.reading import find
from altis.store.transition import begin, move
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.services import checkout
from orders.services.fulfil import sell_and_issue
from orders.services.parts import Parts
from orders.services.settle import mark_paid
from payments.gateway import Charge, ChargeStatus
from payments.lifecycle import UNDECIDED, PaymentStatus
from payments.models import UNUSABLE, Payment, Refund

log = structlog.get_logger(__name__)
_ORDER_OF = "WHERE id = (SELECT order_id FROM payments_payment WHERE id = $1) FOR NO KEY UPDATE"
Locked = Callable[[], tuple[Order, Payment]]


class Sequel(Protocol):
    """What a caller does with a payment's outcome in the transaction of the outcome."""

    def ask(self, charge: Charge) -> Parts | None:
        """Queue the reading of the order's parts, behind the locks, if this word of the gateway's needs them."""
        ...

    def follow(self, order: Order, payment: Payment, parts: Parts | None) -> None:
        """Go on with the locked order and payment as they are now."""
        ...


def lock_payment(payment_id: str) -> tuple[Order, Payment]:
    """The payment and its order with both rows locked, the order first, as everywhere."""
    return ask_payment(payment_id)()


def ask_payment(payment_id: str) -> Locked:
    """Queue the same, and return how to read it; raises Payment.DoesNotExist then."""
    orders, payments = find(Order, _ORDER_OF, payment_id), find(Payment, "WHERE id = $1 FOR NO KEY UPDATE", payment_id)
    clock = ask_clock()

    def locked() -> tuple[Order, Payment]:
        payment, order = payments.one(), orders.one()
        order.seen_at = clock()
        return order, payment

    return locked


def settle(
    payment_id: str, charge: Charge, *, cause: Cause, point: str, hint: bool = True, sequel: Sequel | None = None
) -> Payment:
    """Apply the gateway's word in a transaction of its own, and return the payment as it is then.

    `point` names the failpoint just before the commit; without `hint` the caller issues the documents of a paid order.
    """

    def work() -> Payment:
        with command():
            locked = ask_payment(payment_id)
            parts = sequel.ask(charge) if sequel else None
            order, payment = locked()
            apply_charge(order, payment, charge, cause=cause, hint=hint, parts=parts)
            if sequel:
                sequel.follow(order, payment, parts)
            failpoint(point)
        return payment

    return retried(work)


def apply_charge(
    order: Order, payment: Payment, charge: Charge, *, cause: Cause, hint: bool = True, parts: Parts | None = None
) -> str:
    """Apply the gateway's word to a locked order and payment, in the caller's transaction.

    With `parts` of the order, asked for behind the locks, what is paid is issued at once.
    Returns `applied`, `refunded` (money that cannot be used goes back) or `ignored` (nothing new).
    """
    if charge.status == ChargeStatus.SUCCEEDED:
        outcome = _succeed(order, payment, charge.amount or payment.amount, cause)
        if outcome == "applied" and parts is not None:
            sell_and_issue(order, payment=payment.fact(), cause=cause, parts=parts)
        elif outcome == "applied":
            mark_paid(order, payment=payment.fact(), cause=cause, hint=hint)
        return outcome
    if charge.status in (ChargeStatus.DECLINED, ChargeStatus.CANCELLED):
        return _decline(order, payment, charge, cause)
    if payment.status in (PaymentStatus.CREATED, PaymentStatus.SUBMITTED):
        move(payment, PaymentStatus.UNKNOWN, cause=cause)
        checkout.note_money(order, payment=payment.fact())
        return "applied"
    return "ignored"


def _succeed(order: Order, payment: Payment, captured: Money, cause: Cause) -> str:
    if payment.status not in (*UNDECIDED, PaymentStatus.DECLINED):
        return "ignored"
    if captured != payment.amount:
        log.error("captured amount differs", payment_id=payment.pk, order_id=order.pk, said=str(captured))
        return _send_back(order, payment, cause)
    mine = order.status == OrderStatus.PAYMENT_PENDING and payment.status in UNDECIDED
    late = order.status == OrderStatus.PROPOSED and payment.status == PaymentStatus.DECLINED
    if not (mine or late):
        return _send_back(order, payment, cause)
    move(payment, PaymentStatus.SUCCEEDED, cause=cause, decline_code="", final=False)
    if late:
        checkout.lock_in_late(order, payment=payment.fact(), cause=cause)
    return "applied"


def _decline(order: Order, payment: Payment, charge: Charge, cause: Cause) -> str:
    if payment.status not in UNDECIDED:
        if payment.status == PaymentStatus.SUCCEEDED:
            log.error("declined after it succeeded", payment_id=payment.pk, order_id=order.pk)
        return "ignored"
    attempts = Payment.objects.filter(order=order, purpose=payment.purpose).count()
    final = not charge.retryable or attempts >= settings.ALTIS_PAYMENT_ATTEMPTS
    code = charge.decline_code or charge.status.lower()
    move(payment, PaymentStatus.DECLINED, cause=cause, decline_code=code[:64], final=final)
    if order.status == OrderStatus.PAYMENT_PENDING:
        settle = checkout.cancel_unpaid if final else checkout.release_lock
        settle(order, payment=payment.fact(), cause=cause)
    return "applied"


def _send_back(order: Order, payment: Payment, cause: Cause) -> str:
    """Mark captured money for refund; an order that was being paid with it waits for another payment.

    How much goes back is asked of the gateway when it is sent: an event that names another amount may be wrong twice.
    """
    was_mine = order.status == OrderStatus.PAYMENT_PENDING and payment.status in UNDECIDED
    move(payment, PaymentStatus.REFUND_PENDING, cause=cause)
    refund = Refund(
        payment=payment,
        cause=UNUSABLE,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        attempt_at=db_clock(),
    )
    begin(refund, cause=cause)
    refund.refresh_from_db(fields=["created_at"])
    if was_mine:
        checkout.release_lock(order, payment=payment.fact(), cause=cause)
    checkout.note_money(order, payment=payment.fact(), refund=refund.fact())
    jobs.enqueue("payments.send_refunds")
    return "refunded"
