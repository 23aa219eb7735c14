"""What work lists are there for: a payment in doubt, a cancelled flight, a webhook about nothing that is known."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from altis.backoffice.demo.statuses import BRING_TO
from altis.shared.actors import Actor
from altis.shared.money import Money
from altis.store.database import DbNow
from catalog.services.cancel_flight import cancel_flight
from orders.lifecycle import OrderStatus
from payments.models import Payment
from payments.services.webhook import Notice, receive

_NOBODY = Actor("system", "demo")
_PAST, _NOT_YET = timedelta(minutes=9), timedelta(days=1)


def doubt(order: Any) -> None:
    """Begin to pay and never confirm; past its deadline, and put off, or the janitor would have decided it by now."""
    BRING_TO[OrderStatus.PAYMENT_PENDING](order, Actor("user", str(order.owner_id)))
    late = {"deadline_at": DbNow() - _PAST, "check_at": DbNow() + _NOT_YET, "checks": 7}
    Payment.objects.filter(order=order).update(**late)


def ground(flight_id: str) -> None:
    """Cancel a flight; whoever is booked on it waits for somebody."""
    cancel_flight(flight_id=flight_id, actor=_NOBODY, reason="technical")


def hear_of_another_shop() -> None:
    """A webhook about a payment that nobody here has begun."""
    notice = Notice(
        event_id="whk_of_another_shop",
        type="payment.captured",
        payment_id="pay_of_another_shop",
        amount=Money.of("125.00", settings.ALTIS_CURRENCY),
    )
    receive(notice, gateway=settings.ALTIS_PAYMENT_GATEWAY)
