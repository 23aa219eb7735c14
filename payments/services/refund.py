"""Giving money back: the refund row is the work, its id the key at the gateway, so a repeated call pays once."""

from datetime import timedelta

import structlog
from django.db.models import F

from altis.shared.actors import system
from altis.store.database import DbNow, command, db_clock
from altis.store.transition import move
from orders.services import checkout
from payments import gateway as port
from payments.gateway import RefundResult, get_gateway
from payments.lifecycle import PaymentStatus, RefundStatus
from payments.models import Refund
from payments.services.outcome import lock_payment

log = structlog.get_logger(__name__)
BATCH = 50
_FIRST_PAUSE, _LONGEST_PAUSE = 5, 300


def send_refunds(*, limit: int = BATCH) -> int:
    """Send the refunds that are due; returns how many the gateway has decided."""
    return sum(_send(refund) for refund in _take(limit))


def _take(limit: int) -> list[Refund]:
    with command():
        due = list(
            Refund.objects.filter(status=RefundStatus.PENDING, attempt_at__lte=DbNow())
            .select_related("payment")
            .order_by("attempt_at")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))[:limit]
        )
        for refund in due:
            pause = min(_FIRST_PAUSE * 2 ** min(refund.attempts, 10), _LONGEST_PAUSE)
            Refund.objects.filter(pk=refund.pk).update(
                attempt_at=db_clock() + timedelta(seconds=pause), attempts=F("attempts") + 1
            )
    return due


def _send(refund: Refund) -> bool:
    payment = refund.payment
    if payment.intent_id is None:
        log.error("refund without a charge", refund_id=refund.pk)
        return False
    result = get_gateway(payment.gateway).refund(key=refund.pk, intent_id=payment.intent_id, amount=refund.amount)
    if result.status == port.RefundStatus.UNKNOWN:
        return False
    _settle(refund.pk, payment.pk, result)
    return True


def _settle(refund_id: str, payment_id: str, result: RefundResult) -> None:
    succeeded = result.status == port.RefundStatus.SUCCEEDED
    cause = system("refunds", "refunded" if succeeded else "refund_refused")
    with command():
        order, payment = lock_payment(payment_id)
        refund = Refund.objects.select_for_update(no_key=True).get(pk=refund_id)
        if refund.status != RefundStatus.PENDING:
            return
        to = RefundStatus.SUCCEEDED if succeeded else RefundStatus.FAILED
        move(refund, to, cause=cause, gateway_refund_id=result.refund_id or "")
        if succeeded:
            move(payment, PaymentStatus.REFUNDED, cause=cause)
        else:
            log.error("refund refused by the gateway", refund_id=refund_id, order_id=order.pk)
        checkout.note_money(order, payment=payment.fact(), refund=refund.fact())
