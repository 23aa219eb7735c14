"""What a gateway tells by webhook: a receipt once, and its effect, in one transaction."""

from dataclasses import dataclass

import structlog

from altis.shared.actors import system
from altis.shared.money import Money
from altis.store.database import command, retried
from altis.store.failpoints import failpoint
from altis.store.pipeline import put
from orders.models import Order
from payments.gateway import Charge, ChargeStatus
from payments.models import Payment
from payments.services.outcome import Locked, apply_charge, ask_payment

log = structlog.get_logger(__name__)
_RECEIPT = b"""
INSERT INTO payments_webhookreceipt (event_id, gateway, type, payment_id, outcome) VALUES ($1, $2, $3, $4, '')
ON CONFLICT DO NOTHING
"""
_OUTCOME = b"UPDATE payments_webhookreceipt SET outcome = $2 WHERE event_id = $1"
_STATUS = {"payment.captured": ChargeStatus.SUCCEEDED, "payment.failed": ChargeStatus.DECLINED}
KNOWN_TYPES = frozenset(_STATUS)
NOT_UNDERSTOOD = "unknown"  # in the receipt: a person looks at it; the gateway hears `ignored`


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
        receipt = put(_RECEIPT, notice.event_id, gateway, notice.type, notice.payment_id)
        failpoint("hook.after_insert")
        locked = ask_payment(notice.payment_id)  # behind the receipt, for which a twin waits
        if receipt.count() == 0:
            return "duplicate"
        outcome = _apply(notice, gateway, locked)
        put(_OUTCOME, notice.event_id, outcome)
        failpoint("hook.before_commit")
    return "ignored" if outcome == NOT_UNDERSTOOD else outcome


def _apply(notice: Notice, gateway: str, locked: Locked) -> str:
    status = _STATUS.get(notice.type)
    order, payment = _known(locked, gateway)
    if status is None or order is None or payment is None:
        log.warning("webhook not understood", event_id=notice.event_id, type=notice.type, known_payment=bool(payment))
        return NOT_UNDERSTOOD
    charge = Charge(
        status=status,
        intent_id=payment.intent_id,
        amount=notice.amount,
        decline_code=notice.decline_code or None,
        retryable=notice.retryable,
    )
    return apply_charge(order, payment, charge, cause=system(f"webhook:{gateway}", notice.type.replace(".", "_")))


def _known(locked: Locked, gateway: str) -> tuple[Order, Payment] | tuple[None, None]:
    """The order and the payment that this gateway may speak of."""
    try:
        order, payment = locked()
    except Payment.DoesNotExist:
        return None, None
    return (order, payment) if payment.gateway == gateway else (None, None)
