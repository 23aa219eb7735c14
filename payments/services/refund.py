"""Giving money back: the refund row is the work, its id the key at the gateway, so a repeated call pays once."""

import structlog
from django.db.models import F

from altis.shared.actors import Cause, system
from altis.shared.money import Money
from altis.store.database import DbNow, command, db_clock
from altis.store.failpoints import failpoint
from altis.store.transition import move
from orders.lifecycle import OrderChange
from orders.models import Order
from orders.services import checkout
from orders.services.change import change_order
from orders.services.settle import with_fact
from payments import gateway as port
from payments.gateway import ChargeStatus, RefundResult, get_gateway
from payments.lifecycle import PaymentStatus, RefundStatus
from payments.models import GOODWILL, UNUSABLE, Payment, Refund
from payments.services.janitor import fence
from payments.services.outcome import lock_payment
from payments.services.rounds import decided, pause_after

log = structlog.get_logger(__name__)
BATCH = 50


def send_refunds(*, limit: int = BATCH) -> int:
    """Send the refunds that are due; returns how many the gateway has decided."""
    return decided(_take(limit), _send)


def _take(limit: int) -> list[Refund]:
    with command():
        due = list(
            Refund.objects.filter(status=RefundStatus.PENDING, attempt_at__lte=DbNow())
            .select_related("payment")
            .order_by("attempt_at")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit]
        )
        for refund in due:
            again = db_clock() + pause_after(refund.attempts)
            Refund.objects.filter(pk=refund.pk).update(attempt_at=again, attempts=F("attempts") + 1)
    return due


def _send(refund: Refund) -> bool:
    """Give back what is owed: of an unusable capture what the gateway itself says, not what an event said of it."""
    captured = fence(refund.payment)
    if captured.status in (ChargeStatus.DECLINED, ChargeStatus.CANCELLED):
        _settle(refund, RefundResult(port.RefundStatus.FAILED), refund.amount)
        return True
    if captured.status != ChargeStatus.SUCCEEDED or captured.intent_id is None or captured.amount is None:
        return False
    amount = captured.amount if refund.cause == UNUSABLE else refund.amount
    gateway = get_gateway(refund.payment.gateway)
    failpoint("refund.before_call")
    result = gateway.refund(key=refund.pk, intent_id=captured.intent_id, amount=amount)
    failpoint("refund.after_call")
    if result.status == port.RefundStatus.UNKNOWN:
        return False
    _settle(refund, result, amount)
    return True


def _settle(sent: Refund, result: RefundResult, amount: Money) -> None:
    succeeded = result.status == port.RefundStatus.SUCCEEDED
    cause = system("refunds", "refunded" if succeeded else "refund_refused")
    with command():
        order, payment = lock_payment(sent.payment_id)
        refund = Refund.objects.select_for_update(no_key=True).get(pk=sent.pk)
        if refund.status != RefundStatus.PENDING:
            return
        to = RefundStatus.SUCCEEDED if succeeded else RefundStatus.FAILED
        move(
            refund,
            to,
            cause=cause,
            gateway_refund_id=result.refund_id or "",
            amount_minor=amount.minor,
            currency=amount.currency,
        )
        if not succeeded:
            log.error("refund refused by the gateway", refund_id=refund.pk, order_id=order.pk)
        elif not refund.cause.startswith(GOODWILL):
            move(payment, PaymentStatus.REFUNDED, cause=cause)
        _note(order, payment, refund, cause)


def _note(order: Order, payment: Payment, refund: Refund, cause: Cause) -> None:
    """Of money that staff gave back the order's own history tells the end as well."""
    if refund.cause == UNUSABLE:
        checkout.note_money(order, payment=payment.fact(), refund=refund.fact())
        return
    payments, refunds = with_fact(order.payments, payment.fact()), with_fact(order.refunds, refund.fact())
    change_order(order, OrderChange.REFUNDED, cause=cause, payments=payments, refunds=refunds)
