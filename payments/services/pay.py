"""Paying an order in three phases: lock it in, charge the customer, settle. No transaction is open across the network.

Each phase is durable, and the payment's status says where a recovery goes on: a crash after the lock-in is fenced by
the janitor, an answer that was lost is told by the webhook or asked for by the janitor.
"""

from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from altis.shared.actors import Actor, Cause
from altis.shared.errors import Unavailable
from altis.store.claims import NO_CLAIM, Claim, InProgress
from altis.store.database import command
from altis.store.failpoints import failpoint
from altis.store.transition import LostRace, begin, move
from orders.errors import OrderGone
from orders.models import Order
from orders.services import checkout
from orders.services.expire import expire_locked
from orders.services.fulfil import issue_documents
from payments.gateway import Charge, ChargeStatus, Gateway, get_gateway
from payments.lifecycle import UNDECIDED, PaymentStatus
from payments.models import Payment
from payments.services.outcome import lock_payment, settle
from payments.services.telling import Told, refusal_of

log = structlog.get_logger(__name__)
# How long the janitor leaves an attempt to the request that is making it.
_GRACE = timedelta(seconds=15)
_SUBMITTED = Cause(Actor("system", "payments"), "intent_created")


@dataclass(frozen=True, slots=True)
class Paid:
    """The order after the attempt, and whether the gateway's answer is still open."""

    order: Order
    open: bool


def pay_order(*, order_id: str, token: str, actor: Actor, claim: Claim = NO_CLAIM) -> Paid:
    """Pay the actor's own order with a gateway's token.

    Raises OrderNotFound, OrderGone, OrderNotPayable, PaymentInProgress, PaymentDeclined (the order is PROPOSED again,
    its clock unchanged) or PaymentRefused (the order is CANCELLED). An open answer is no error: `Paid.open` is then
    true.
    """
    try:
        payment = begin_payment(order_id, actor=actor, claim=claim)
    except InProgress as twin:
        payment = _decided_before(twin)
        return _finish(payment, claim)
    except OrderGone:
        _expire(order_id)
        raise
    failpoint("pay.after_lockin")
    charge = _charge(payment, token)
    failpoint("pay.after_confirm")
    cause = Cause(actor, f"gateway_{charge.status.lower()}")
    told = Told(payment.order_id, claim)
    payment = _settle(payment, charge, cause=cause, told=told)
    failpoint("pay.after_commit2")
    return _finish(payment, claim, told)


def begin_payment(order_id: str, *, actor: Actor, claim: Claim = NO_CLAIM, lasts: timedelta | None = None) -> Payment:
    """The first phase: lock the order in for a new attempt, which the janitor fences after it `lasts` too long.

    That is ALTIS_PAYMENT_DEADLINE_SECONDS unless given. Raises OrderNotFound, also for somebody else's order,
    OrderGone, OrderNotPayable, PaymentInProgress.
    """
    cause = Cause(actor, "payment_started")
    payment = Payment(order_id=order_id, gateway=settings.ALTIS_PAYMENT_GATEWAY)
    with command():
        claim.open(resource=payment.pk)
        order = checkout.lock_order(order_id, owner_id=actor.id)
        checkout.check_payable(order)
        payment.amount_minor, payment.currency = order.total_minor, order.currency
        now = payment.created_at = checkout.instant_of(order)
        payment.deadline_at = now + (lasts or timedelta(seconds=settings.ALTIS_PAYMENT_DEADLINE_SECONDS))
        payment.check_at = min(now + _GRACE, payment.deadline_at)
        begin(payment, cause=cause)
        checkout.lock_in(order, payment=payment.fact(), cause=cause)
    return payment


def _charge(payment: Payment, token: str) -> Charge:
    gateway = get_gateway(payment.gateway)
    created = open_intent(gateway, payment)
    if created.status != ChargeStatus.PENDING or created.intent_id is None:
        return created
    failpoint("pay.before_confirm")
    return gateway.confirm(intent_id=created.intent_id, token=token)


def open_intent(gateway: Gateway, payment: Payment) -> Charge:
    """Make the payment known to the gateway (once: its id is the key there), and write down under which name."""
    charge = gateway.create(key=payment.pk, amount=payment.amount)
    if charge.intent_id is not None and not _submitted_at_once(payment, charge.intent_id):
        with command():
            _, row = lock_payment(payment.pk)
            if row.status == PaymentStatus.CREATED:
                move(row, PaymentStatus.SUBMITTED, cause=_SUBMITTED, intent_id=charge.intent_id)
            elif row.intent_id is None:
                Payment.objects.filter(pk=row.pk).update(intent_id=charge.intent_id)
    return charge


def _submitted_at_once(payment: Payment, intent_id: str) -> bool:
    """Move the payment as it was when it was read, in one round trip; False when somebody has moved it since.

    The one lock that this takes is that of the payment: who has no second one is in nobody's ring.
    """
    if payment.status != PaymentStatus.CREATED:
        return False
    try:
        with command():
            move(copy(payment), PaymentStatus.SUBMITTED, cause=_SUBMITTED, intent_id=intent_id)
    except LostRace:
        return False
    return True


def _settle(payment: Payment, charge: Charge, *, cause: Cause, told: Told) -> Payment:
    """The last phase with documents and answer; when these fail, the outcome alone: money is never lost sight of."""
    to_do = partial(settle, payment.pk, charge, cause=cause, point="pay.before_commit2", hint=False)
    try:
        return to_do(sequel=told)
    except (OperationalError, InterfaceError, Unavailable):
        raise  # neither of them could be written
    except Exception as error:
        log.warning("a payment is settled step by step", payment_id=payment.pk, error=type(error).__name__)
        told.forget()
        return to_do()


def _finish(payment: Payment, claim: Claim, told: Told | None = None) -> Paid:
    """Tell the caller what became of the payment, and keep that answer under the caller's key unless it is kept."""
    if payment.status in UNDECIDED:
        return Paid(Order.objects.get(pk=payment.order_id), open=True)
    if told is not None and told.refusal is not None:
        raise told.refusal
    if told is not None and told.order is not None:
        return Paid(told.order, open=False)
    refusal = refusal_of(payment)
    if refusal is not None:
        claim.adopt()
        claim.seal_problem(refusal)
        raise refusal
    order = issue_documents(payment.order_id)
    claim.adopt()
    claim.seal(order)
    return Paid(order, open=False)


def _decided_before(twin: InProgress) -> Payment:
    """The payment of an earlier call with the same key, once its answer may be told; raises InProgress before."""
    payment = Payment.objects.filter(pk=twin.resource).first()
    if payment is None or payment.status in (PaymentStatus.CREATED, PaymentStatus.SUBMITTED):
        raise twin
    return payment


def _expire(order_id: str) -> None:
    with command():
        order = checkout.lock_order(order_id)
        if checkout.is_past_deadline(order):
            expire_locked(order)
