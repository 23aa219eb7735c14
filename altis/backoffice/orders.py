"""The order's page with what stands above orders: its money as the gateway has it, and giving it back."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from unfold.forms import BaseDialogForm

from altis.shared.errors import Invalid
from altis.shared.money import Money
from altis.store.admin.buttons import button
from orders.admin.dialogs import REFUND, currency_of
from orders.admin.order import OrderAdmin
from orders.admin.page import movement
from orders.admin.parts import words
from orders.admin.search import FINDERS
from orders.models import Order
from payments.models import Payment, Refund
from payments.services.give_back import give_back


def _of_payment(key: str) -> Any:
    return Payment.objects.filter(pk=key).values_list("order_id", flat=True)


def _of_refund(key: str) -> Any:
    return Refund.objects.filter(pk=key).values_list("payment__order_id", flat=True)


class WholeOrderAdmin(OrderAdmin):
    """Orders, newest first, found by the ids of their money too."""

    finders: ClassVar = {**FINDERS, "pay": _of_payment, "ref": _of_refund}
    actions_detail = ("give_back", *OrderAdmin.actions_detail)

    def movements(self, order: Order) -> list[dict[str, Any]]:
        """Payments and refunds in the order of their beginning, each with what the gateway calls it."""
        payments = list(order.attempts.order_by("pk").prefetch_related("refunds"))
        rows = [(payment.created_at, _payment(payment)) for payment in payments]
        rows += [(refund.created_at, _refund(refund)) for payment in payments for refund in payment.refunds.all()]
        return [row for _, row in sorted(rows, key=lambda row: row[0])]

    def has_refund_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Give money back."""
        return bool(request.user.has_perm("orders.refund_order"))

    @button("Refund", "refund", icon="currency_exchange", right="refund", asks=REFUND, danger=True)
    def give_back(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Give all of the money back, which ends the order, or a part of it."""
        answers = form.cleaned_data
        try:
            amount = Money.of(answers["amount"], currency_of(form.order_id)) if answers["how"] == "part" else None
        except Invalid as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            return self.back(request, form.order_id)
        done = "refunded in part" if amount else "refunded"
        service = partial(give_back, amount=amount, seen=answers["seen"])
        return self.carry_out(request, object_id, service, reason=answers["reason"], done=done)


def _payment(payment: Payment) -> dict[str, Any]:
    declined = f"declined: {words(payment.decline_code).lower()}" if payment.decline_code else ""
    at = " · ".join(part for part in (payment.gateway, payment.intent_id or "not sent yet", declined) if part)
    return movement("Payment", "payments_payment", payment.fact(), gateway=at)


def _refund(refund: Refund) -> dict[str, Any]:
    tries = f"{refund.attempts} tries" if refund.attempts > 1 else ""
    at = " · ".join(part for part in (refund.gateway_refund_id or "not sent yet", tries) if part)
    return movement("Refund", "payments_refund", refund.fact(), gateway=at, cause=words(refund.cause))


admin.site.unregister(Order)
admin.site.register(Order, WholeOrderAdmin)
