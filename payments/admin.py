"""Payments, refunds and webhook receipts in the back-office, to look at."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from altis.store.admin.choices import one_of
from altis.store.admin.readonly import ReadOnlyAdmin, ReadOnlyInline, coloured, link_to, unbroken
from payments.gateway import GATEWAYS
from payments.models import Payment, Refund, WebhookReceipt
from payments.services.webhook import KNOWN_TYPES, NOT_UNDERSTOOD

PAYMENT_COLOURS = {
    "CREATED": "info",
    "SUBMITTED": "info",
    "UNKNOWN": "warning",
    "SUCCEEDED": "success",
    "DECLINED": "danger",
    "REFUND_PENDING": "warning",
    "REFUNDED": "",
}
REFUND_COLOURS = {"PENDING": "warning", "SUCCEEDED": "success", "FAILED": "danger"}
_RECEIPT_COLOURS = {"applied": "success", "refunded": "warning", "ignored": "", NOT_UNDERSTOOD: "danger"}


class _Searched(ReadOnlyAdmin):
    """References are in capitals and ids are not, however they were typed."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """See above."""
        term = search_term.strip()
        found: tuple[QuerySet[Any], bool] = super().get_search_results(
            request, queryset, term.lower() if "_" in term else term.upper()
        )
        return found


class RefundInline(ReadOnlyInline):
    """What went back of a payment."""

    model = Refund
    fields = ("page", "given_back", "state", "cause", "created_at", "attempts")

    @admin.display(description="Refund")
    def page(self, refund: Refund) -> SafeString:
        """The refund's own page."""
        return link_to("payments_refund", refund.pk)

    @admin.display(description="Amount")
    def given_back(self, refund: Refund) -> str:
        """`524.00 USD`."""
        return str(refund.amount)

    @coloured(REFUND_COLOURS, description="Status")
    def state(self, refund: Refund) -> str:
        """Where the refund stands."""
        return refund.status


@admin.register(Payment)
class PaymentAdmin(_Searched):
    """Attempts to pay, newest first."""

    list_display = ("id", "order_link", "charged", "state", "gateway", "created_at", "deadline_at")
    list_select_related = ("order",)
    sortable_by = ("id",)
    list_filter = ("status", one_of("gateway", GATEWAYS), "created_at")
    search_fields = ("id__exact", "intent_id__exact", "order__reference__exact", "order_id__exact")
    search_help_text = "Reference or id of the order, or id of the payment or of the gateway's intent"
    inlines = (RefundInline,)
    fieldsets: ClassVar = (
        (None, {"fields": (("state", "charged", "order_link"), ("gateway", "intent_id", "purpose"))}),
        ("Decline", {"fields": (("decline_code", "final"),)}),
        ("Recovery", {"fields": (("created_at", "deadline_at"), ("check_at", "checks"))}),
    )

    @admin.display(description="Order")
    def order_link(self, payment: Payment) -> SafeString:
        """The order that is paid."""
        return link_to("orders_order", payment.order_id, payment.order.reference)

    @admin.display(description="Amount", ordering="amount_minor")
    def charged(self, payment: Payment) -> str:
        """`524.00 USD`."""
        return str(payment.amount)

    @coloured(PAYMENT_COLOURS, description="Status", ordering="status")
    def state(self, payment: Payment) -> str:
        """Where the attempt stands."""
        return payment.status


@admin.register(Refund)
class RefundAdmin(_Searched):
    """Money on its way back, newest first."""

    list_display = ("id", "order_link", "given_back", "state", "cause", "created_at", "attempts")
    list_select_related = ("payment__order",)
    sortable_by = ("id",)
    list_filter = ("status", "created_at")
    search_fields = ("id__exact", "payment_id__exact", "payment__order__reference__exact")
    search_help_text = "Reference of the order, or id of the refund or of the payment"
    fieldsets: ClassVar = (
        (None, {"fields": (("state", "given_back", "cause"), ("order_link", "payment_link"))}),
        ("At the gateway", {"fields": (("gateway_refund_id", "attempts"), ("created_at", "attempt_at"))}),
    )

    @admin.display(description="Order")
    def order_link(self, refund: Refund) -> SafeString:
        """The order that was paid."""
        order = refund.payment.order
        return link_to("orders_order", order.pk, order.reference)

    @admin.display(description="Payment")
    def payment_link(self, refund: Refund) -> SafeString:
        """The payment that goes back."""
        return link_to("payments_payment", refund.payment_id)

    @admin.display(description="Amount", ordering="amount_minor")
    def given_back(self, refund: Refund) -> str:
        """`524.00 USD`."""
        return str(refund.amount)

    @coloured(REFUND_COLOURS, description="Status", ordering="status")
    def state(self, refund: Refund) -> str:
        """Where the refund stands."""
        return refund.status


@admin.register(WebhookReceipt)
class WebhookReceiptAdmin(ReadOnlyAdmin):
    """What gateways have told, newest first."""

    sortable_by = ("received_at",)
    list_display = ("event_id", "type", "payment_link", "effect", "received_at")
    list_filter = (
        one_of("outcome", _RECEIPT_COLOURS),
        one_of("type", sorted(KNOWN_TYPES)),
        one_of("gateway", GATEWAYS),
    )
    search_fields = ("event_id__exact", "payment_id__exact")
    search_help_text = "Id of the event or of the payment"
    fieldsets: ClassVar = (
        (None, {"fields": (("type", "effect"), ("event_id", "gateway"), ("payment_link", "received_at"))}),
    )

    @admin.display(description="Payment")
    def payment_link(self, receipt: WebhookReceipt) -> SafeString:
        """The payment that the event names; without a page where we do not know it."""
        known = receipt.outcome != NOT_UNDERSTOOD
        return link_to("payments_payment", receipt.payment_id) if known else unbroken(receipt.payment_id)

    @coloured(_RECEIPT_COLOURS, description="Effect", ordering="outcome")
    def effect(self, receipt: WebhookReceipt) -> str:
        """What came of it."""
        return receipt.outcome
