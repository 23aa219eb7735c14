"""The order's page with what stands above orders: its money as the gateway has it, and giving it back."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse

from altis.backoffice.order_money import REFUND, RefundForm, movements
from altis.shared.errors import Invalid
from altis.shared.money import Money
from altis.store.admin.buttons import button, has_right
from orders.admin.order import OrderAdmin
from orders.admin.search import FINDERS
from orders.lifecycle import SOLD
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
    buttons: ClassVar = {
        **OrderAdmin.buttons,
        **{status: ("give_back", *OrderAdmin.buttons[status]) for status in SOLD},
    }

    has_refund_permission = has_right("orders.refund_order")

    def sections(self, order: Order, request: HttpRequest) -> dict[str, Any]:
        """With the money."""
        return {**super().sections(order, request), "money": movements(order)}

    @button("Refund", "refund", icon="currency_exchange", right="refund", asks=REFUND, danger=True)
    def give_back(self, request: HttpRequest, form: RefundForm, object_id: str) -> HttpResponse:
        """Give all of the money back, which ends the order, or a part of it."""
        if form.order is None:
            raise Http404
        answers = form.cleaned_data
        try:
            amount = Money.of(answers["amount"], form.order.currency) if answers["how"] == "part" else None
        except Invalid as refusal:
            self.message_user(request, refusal.detail, messages.ERROR)
            return self.back(request, form.order_id)
        done = "refunded in part" if amount else "refunded"
        service = partial(give_back, amount=amount, seen=answers["seen"])
        return self.carry_out(request, object_id, service, reason=answers["reason"], done=done)


admin.site.unregister(Order)
admin.site.register(Order, WholeOrderAdmin)
