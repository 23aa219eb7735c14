"""A look at one undecided payment before its turn, on a member of staff's word."""

from django.db.models import F

from altis.shared.actors import Actor
from altis.store.database import command, db_clock
from payments.errors import GatewaySilent, PaymentDecided
from payments.lifecycle import UNDECIDED
from payments.models import Payment
from payments.services.janitor import look_after
from payments.services.rounds import pause_after


def look_now(*, payment_id: str, actor: Actor) -> Payment:
    """Do what the janitor would: ask the gateway, or fence the attempt when its deadline is past.

    Returns the payment, decided. Raises PaymentDecided when there is nothing to ask any more, and GatewaySilent when
    the gateway has no answer either now; then the payment is as it was, and its next look is put off.
    """
    with command():
        payment = Payment.objects.select_for_update(no_key=True).filter(pk=payment_id, status__in=UNDECIDED).first()
        if payment is None:
            raise PaymentDecided
        # As the janitor does it, so that none of its rounds asks at the same moment.
        again = db_clock() + pause_after(payment.checks)
        Payment.objects.filter(pk=payment.pk).update(check_at=again, checks=F("checks") + 1)
    if not look_after(payment, actor=actor):
        raise GatewaySilent
    return Payment.objects.get(pk=payment_id)
