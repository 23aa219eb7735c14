"""What a gateway tells by webhook: a receipt once, and its effect, in one transaction."""

from dataclasses import dataclass

import structlog
from django.db import connection

from altis.shared.actors import system
from altis.shared.money import Money
from altis.store.database import command, retried
from altis.store.failpoints import failpoint
from payments.gateway import Charge, ChargeStatus
from payments.models import Payment, WebhookReceipt
from payments.services.outcome import apply_charge, lock_payment

log = structlog.get_logger(__name__)
_RECEIPT = """
INSERT INTO payments_webhookreceipt (event_id, gateway, type, payment_id, outcome) VALUES (%s, %s, %s, %s, '')
ON CONFLICT DO NOTHING
"""
_STATUS = {"payment.captured": ChargeStatus.SUCCEEDED, "payment.failed": ChargeStatus.DECLINED}
KNOWN_TYPES = frozenset(_STATUS)


@dataclass(frozen=True, slots=True)
class Notice:
    """One verified webhook event. `amount` is what was captured, or what was not."""

    event_id: str
    type: str
    payment_id: str
    amount: Money | None
    retryable: bool = False
    decline_code: str = ""


def receive(notice: Notice, *, gateway: str) -> str:
    """Apply a notice once; returns `applied`, `duplicate`, `ignored` or `refunded`."""
    failpoint("hook.after_verify")
    outcome = retried(lambda: _receive(notice, gateway))
    failpoint("hook.after_commit")
    return outcome


def _receive(notice: Notice, gateway: str) -> str:
    with command():
        with connection.cursor() as cursor:
            cursor.execute(_RECEIPT, [notice.event_id, gateway, notice.type, notice.payment_id])
            if cursor.rowcount == 0:
                return "duplicate"
        failpoint("hook.after_insert")
        outcome = _apply(notice, gateway)
        WebhookReceipt.objects.filter(pk=notice.event_id).update(outcome=outcome)
        failpoint("hook.before_commit")
    return outcome


def _apply(notice: Notice, gateway: str) -> str:
    status = _STATUS.get(notice.type)
    known = Payment.objects.filter(pk=notice.payment_id, gateway=gateway).exists()
    if status is None or not known:
        log.warning("webhook not understood", event_id=notice.event_id, type=notice.type, known_payment=known)
        return "ignored"
    order, payment = lock_payment(notice.payment_id)
    charge = Charge(
        status=status,
        intent_id=payment.intent_id,
        amount=notice.amount,
        decline_code=notice.decline_code or None,
        retryable=notice.retryable,
    )
    return apply_charge(order, payment, charge, cause=system(f"webhook:{gateway}", notice.type.replace(".", "_")))
