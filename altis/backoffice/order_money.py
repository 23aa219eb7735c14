"""The money of an order as staff see it: what moved, and the question before it goes back."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import ChoiceField, DecimalField
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminSelectWidget

from altis.shared.money import Money
from altis.store.admin.buttons import dialog
from altis.store.admin.readonly import coloured_label, link_to, unbroken
from orders.admin.dialogs import SeenForm
from orders.admin.parts import words
from orders.models import Order
from payments.admin import PAYMENT_COLOURS, REFUND_COLOURS
from payments.lifecycle import PaymentStatus
from payments.models import SALE, Payment, Refund
from payments.selectors import left_of


def movements(order: Order) -> list[dict[str, Any]]:
    """Payments and refunds in the order of their beginning, each with what the gateway calls it."""
    payments = list(order.attempts.order_by("pk").prefetch_related("refunds"))
    rows = [(payment.created_at, _payment(payment)) for payment in payments]
    rows += [(refund.created_at, _refund(refund)) for payment in payments for refund in payment.refunds.all()]
    return [row for _, row in sorted(rows, key=lambda row: row[0])]


def _payment(payment: Payment) -> dict[str, Any]:
    declined = f"declined: {words(payment.decline_code).lower()}" if payment.decline_code else ""
    at = " · ".join(part for part in (payment.gateway, payment.intent_id or "not sent yet", declined) if part)
    return _movement("Payment", "payments_payment", payment, PAYMENT_COLOURS, gateway=at)


def _refund(refund: Refund) -> dict[str, Any]:
    tries = f"{refund.attempts} tries" if refund.attempts > 1 else ""
    at = " · ".join(part for part in (refund.gateway_refund_id or "not sent yet", tries) if part)
    return _movement("Refund", "payments_refund", refund, REFUND_COLOURS, gateway=at, cause=words(refund.cause))


def _movement(kind: str, page: str, row: Payment | Refund, colours: Mapping[str, str], **more: str) -> dict[str, Any]:
    """A row of the money's section."""
    return {
        "kind": kind,
        "link": link_to(page, row.pk),
        "amount": str(row.amount),
        "state": coloured_label(row.status, colours),
        "when": unbroken(f"{row.created_at:%Y-%m-%d %H:%M:%S}"),
        **more,
    }


class RefundForm(SeenForm):
    """How much goes back, and why."""

    reasons = (
        ("flight_cancelled", "The flight was cancelled"),
        ("flight_delayed", "The flight was late"),
        ("service_not_provided", "Something was not provided"),
        ("customer_request", "The customer asked, and the conditions allow it"),
        ("goodwill", "As a kindness"),
    )
    how = ChoiceField(
        label="What goes back",
        choices=[("all", "Everything: the order ends"), ("part", "A part: the order stays as it is")],
        widget=UnfoldAdminSelectWidget,
    )
    amount = DecimalField(
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=3,
        label="Amount of the part",
        widget=UnfoldAdminDecimalFieldWidget,
    )
    field_order = ("how", "amount", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.order is not None:
            how = f"In {self.order.currency}. Leave it empty when everything goes back."
            self.fields["amount"].help_text = f"{how} {_paid(self.order)}"

    def clean(self) -> dict[str, Any]:
        """A part has an amount, and all of it has none: whoever typed one did not mean to end the order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        part, amount = cleaned.get("how") == "part", cleaned.get("amount")
        if part and not amount:
            raise ValidationError({"amount": "Say how much goes back."})
        if not part and amount is not None:
            raise ValidationError({"amount": "Everything goes back: leave the amount empty, or choose a part."})
        return cleaned


def _paid(order: Order) -> str:
    """How much of what was paid has gone back already, for whoever decides how much more may."""
    payment = order.attempts.filter(purpose=SALE, status=PaymentStatus.SUCCEEDED).first()
    back = payment.amount_minor - left_of(payment) if payment else 0
    gone = f", {Money(back, order.currency)} went back already" if back else ""
    return f"The order cost {order.total}{gone}."


REFUND = dialog(
    "Give the money back?",
    "Everything: the order is cancelled, its documents are void, its seats are for sale. This cannot be undone. "
    "A part: only the money moves.",
    RefundForm,
    "Give it back",
)
