"""A refund that the gateway refused, or has not answered, goes out again on a member of staff's word."""

from collections.abc import Callable

from altis.shared.actors import Actor, Cause
from altis.store import jobs
from altis.store.database import command, db_clock
from altis.store.transition import move
from orders.services import checkout
from payments.errors import RefundSettled
from payments.lifecycle import RefundStatus
from payments.models import Payment, Refund
from payments.selectors import left_of
from payments.services.outcome import lock_payment


def resend_refund(*, refund_id: str, actor: Actor, reason: str, check: Callable[[], None] = lambda: None) -> Refund:
    """Make a FAILED refund PENDING again, or a PENDING one due now. A worker sends it, under the same key as before.

    So the gateway, which knows the key, never pays it twice. Raises RefundSettled when the money went back already, or
    goes back by another refund; and what `check` raises, which is called while the refund is locked.
    """
    payment_id = Refund.objects.values_list("payment_id", flat=True).filter(pk=refund_id).first()
    if payment_id is None:
        raise RefundSettled
    with command():
        order, payment = lock_payment(payment_id)
        refund = Refund.objects.select_for_update(no_key=True).get(pk=refund_id)
        check()
        if refund.status == RefundStatus.SUCCEEDED:
            raise RefundSettled
        if refund.status == RefundStatus.FAILED:
            _check_room(payment, refund)
            cause = Cause(actor, reason)
            move(refund, RefundStatus.PENDING, cause=cause, attempt_at=db_clock(), attempts=0)
            checkout.note_money(order, payment=payment.fact(), refund=refund.fact())
        else:
            Refund.objects.filter(pk=refund_id).update(attempt_at=db_clock())
        jobs.enqueue("payments.send_refunds")
    return Refund.objects.get(pk=refund_id)


def _check_room(payment: Payment, refund: Refund) -> None:
    """While it counted as failed, others may have taken its place: together they never exceed what was captured.

    Alone it may be more than the payment: of an unusable capture goes back what the gateway says that it took.
    """
    left = left_of(payment)
    if left < payment.amount_minor and left < refund.amount_minor:
        raise RefundSettled("The money goes back by another refund of this payment.")
