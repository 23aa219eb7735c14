"""The janitor: every attempt to pay ends. Before its deadline it asks the gateway; after it, it fences the attempt.

A fence is a cancel, not a read: reading "not captured" and then giving the seats away would lose the race against a
capture on its way. Cancel answers either that the charge can never happen, or that it has happened.
"""

from datetime import timedelta

import structlog
from django.db.models import F

from altis.shared.actors import Actor, Cause, system
from altis.store.database import DbNow, command, db_clock
from altis.store.failpoints import failpoint
from payments.gateway import Charge, ChargeStatus, get_gateway
from payments.lifecycle import UNDECIDED
from payments.models import Payment
from payments.services.outcome import settle
from payments.services.pay import open_intent
from payments.services.rounds import decided, pause_after

log = structlog.get_logger(__name__)
BATCH = 50
_ALARM_AFTER = timedelta(minutes=15)


def run_janitor(*, limit: int = BATCH) -> int:
    """Look after the payments that are due for a look; returns how many were decided."""
    return decided(_take(limit), look_after)


def _take(limit: int) -> list[Payment]:
    """Take payments that no other janitor has, by putting their next look off before the gateway is asked."""
    with command():
        due = list(
            Payment.objects.filter(status__in=UNDECIDED, check_at__lte=DbNow())
            .order_by("check_at")
            .select_for_update(skip_locked=True, no_key=True)[:limit]
        )
        for payment in due:
            again = db_clock() + pause_after(payment.checks)
            if payment.deadline_at > db_clock():
                again = min(again, payment.deadline_at)
            Payment.objects.filter(pk=payment.pk).update(check_at=again, checks=F("checks") + 1)
    return due


def look_after(payment: Payment, *, actor: Actor | None = None) -> bool:
    """Ask about one payment, or fence it past its deadline; returns whether it is decided now.

    `actor`: on whose word, when it is not the janitor's own round.
    """
    past_deadline = db_clock() >= payment.deadline_at
    charge = fence(payment) if past_deadline else _ask(payment)
    failpoint("janitor.after_cancel")
    if charge.status in (ChargeStatus.PENDING, ChargeStatus.UNKNOWN):
        if db_clock() >= payment.deadline_at + _ALARM_AFTER:
            log.error("payment stuck: the gateway cannot be reached", payment_id=payment.pk, order_id=payment.order_id)
        return False
    reason = f"gateway_{charge.status.lower()}"
    cause = Cause(actor, reason) if actor else system("janitor", reason)
    settle(payment.pk, charge, cause=cause, point="janitor.before_commit")
    return True


def _ask(payment: Payment) -> Charge:
    if payment.intent_id is None:
        return Charge(ChargeStatus.UNKNOWN)
    return get_gateway(payment.gateway).get(intent_id=payment.intent_id)


def fence(payment: Payment) -> Charge:
    """Make sure that nothing is captured from now on; the answer says what was captured before."""
    gateway = get_gateway(payment.gateway)
    intent_id = payment.intent_id or open_intent(gateway, payment).intent_id
    return Charge(ChargeStatus.UNKNOWN) if intent_id is None else gateway.cancel(intent_id=intent_id)
