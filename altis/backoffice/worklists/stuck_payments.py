"""Attempts to pay that are past their deadline and still undecided: the gateway cannot be reached, or does not say."""

from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html

from altis.backoffice.worklists.row import MOST_ROWS, Command, Row, WorkList
from altis.shared.actors import Actor
from altis.store.admin.readonly import instant, link_to
from altis.store.database import DbNow
from payments.lifecycle import UNDECIDED, PaymentStatus
from payments.models import Payment
from payments.services.look_now import look_now

_CAUSES = {
    PaymentStatus.CREATED: "The gateway has never confirmed that it knows this charge",
    PaymentStatus.SUBMITTED: "The gateway knows the charge and has not said whether it took the money",
    PaymentStatus.UNKNOWN: "The gateway's answer was lost, or is still open",
}


def waiting() -> QuerySet[Payment]:
    """Undecided payments past the deadline after which the janitor fences them."""
    return Payment.objects.filter(status__in=UNDECIDED, deadline_at__lte=DbNow())


def _rows() -> list[Row]:
    found = waiting().select_related("order").order_by("deadline_at")[:MOST_ROWS]
    return [
        Row(
            key=payment.pk,
            what=format_html(
                "{} for {}",
                link_to("payments_payment", payment.pk, str(payment.amount)),
                link_to("orders_order", payment.order_id, payment.order.reference),
            ),
            since=payment.deadline_at,
            cause=f"{_CAUSES[PaymentStatus(payment.status)]}. Asked {payment.checks} times; "
            f"the janitor asks again at {instant(payment.check_at)}.",
            commands=("ask",),
        )
        for payment in found
    ]


def _ask(key: str, actor: Actor, _reason: str) -> str:
    payment = look_now(payment_id=key, actor=actor)
    return f"The gateway has answered: payment {payment.status.replace('_', ' ').lower()}."


def _payment(key: str) -> Any:
    return Payment.objects.filter(pk=key).first()


ASK = Command(
    name="ask",
    label="Ask the gateway now",
    right="backoffice.settle_payment",
    noted="Gateway asked",
    reasons=(("customer_waits", "The customer waits"), ("gateway_is_back", "The gateway is back")),
    run=_ask,
    subject=_payment,
)
STUCK_PAYMENTS = WorkList(
    name="stuck-payments",
    title="Stuck payments",
    icon="hourglass_top",
    right="payments.view_payment",
    hint="Past their deadline and still undecided",
    empty="No payment is stuck. The janitor decides each one by itself, after its deadline.",
    rows=_rows,
    waiting=waiting,
    commands=(ASK,),
)
