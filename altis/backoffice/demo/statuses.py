"""How a demo order gets into its status, and why it stays there for a day beside running workers."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings

from altis.backoffice.demo.errors import DemoError
from altis.shared.actors import Actor, Cause
from altis.shared.money import Money
from altis.store.database import DbNow, command
from orders.errors import OrderNotArchivable
from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.services.archive import archive_order
from orders.services.cancel import cancel_order
from orders.services.expire import expire_all_due
from payments.gateway import get_gateway
from payments.models import Payment
from payments.services.outcome import apply_charge, lock_payment
from payments.services.pay import begin_payment, open_intent, pay_order

_A_WHILE = timedelta(days=1)
_FLOWN = timedelta(days=2)
_TOKEN = "tok_visa"
_ARCHIVIST = Actor("system", "demo")


def check_gateway() -> None:
    """Pass when the payment gateway answers; raises DemoError.

    The port has no ping: this opens a charge, always the same one, which nobody ever confirms.
    """
    answer = get_gateway().create(key="demo_is_anybody_there", amount=Money.of("1.00", settings.ALTIS_CURRENCY))
    if answer.intent_id is None:
        raise DemoError("The payment gateway cannot be reached. Start the stack with `make up`, then try again.")


def _propose(order: Order, _actor: Actor) -> None:
    # The sweep would take a hold of 30 minutes away during the demo.
    Order.objects.filter(pk=order.pk, status=OrderStatus.PROPOSED).update(expires_at=DbNow() + _A_WHILE)


def _lock_in(order: Order, actor: Actor) -> None:
    """The first half of a payment: locked in, known to the gateway, and never confirmed."""
    payment = _begin(order, actor)
    open_intent(get_gateway(payment.gateway), payment)


def _pay_without_documents(order: Order, actor: Actor) -> None:
    """A payment whose documents are issued tomorrow, as if issuing had failed."""
    payment = _begin(order, actor)
    gateway = get_gateway(payment.gateway)
    intent_id = open_intent(gateway, payment).intent_id
    if intent_id is None:
        raise DemoError("The payment gateway has stopped answering.")
    charge = gateway.confirm(intent_id=intent_id, token=_TOKEN)
    with command():
        locked, payment = lock_payment(payment.pk)
        # The gateway's own message may have come first; then the charge is nothing new, and the lock still lets us
        # put the documents off before a worker issues them.
        apply_charge(locked, payment, charge, cause=Cause(actor, f"gateway_{charge.status.lower()}"))
        Order.objects.filter(pk=locked.pk, status=OrderStatus.PAID).update(fulfil_at=DbNow() + _A_WHILE)


def _pay(order: Order, actor: Actor) -> None:
    pay_order(order_id=order.pk, token=_TOKEN, actor=actor)


def _archive(order: Order, actor: Actor) -> None:
    _pay(order, actor)
    # Nobody can book a flight that has landed: the arrival is moved, and the rule is left as it is.
    Order.objects.filter(pk=order.pk).update(arrives_at=DbNow() - _FLOWN)
    try:
        archive_order(order_id=order.pk, actor=_ARCHIVIST, reason="flown")
    except OrderNotArchivable:
        order.refresh_from_db(fields=["status"])
        if order.status != OrderStatus.ARCHIVED:  # else the hourly job was a moment faster
            raise


def _expire(order: Order, _actor: Actor) -> None:
    # To this instant and no further back: no order may have expired before its time.
    Order.objects.filter(pk=order.pk, status=OrderStatus.PROPOSED).update(expires_at=DbNow())
    expire_all_due()


def _cancel(order: Order, actor: Actor) -> None:
    cancel_order(order_id=order.pk, actor=actor, reason="customer_cancelled")


# From a PROPOSED order to the status.
BRING_TO: Mapping[OrderStatus, Callable[[Order, Actor], None]] = {
    OrderStatus.PROPOSED: _propose,
    OrderStatus.PAYMENT_PENDING: _lock_in,
    OrderStatus.PAID: _pay_without_documents,
    OrderStatus.FULFILLED: _pay,
    OrderStatus.ARCHIVED: _archive,
    OrderStatus.EXPIRED: _expire,
    OrderStatus.CANCELLED: _cancel,
}


def _begin(order: Order, actor: Actor) -> Payment:
    """Lock an order in with a payment that the janitor only looks at, and does not fence, for a while."""
    return begin_payment(order.pk, actor=actor, lasts=_A_WHILE)
