"""Reading payments."""

from django.db.models import Q, QuerySet

from orders.selectors import orders_with
from payments.lifecycle import UNDECIDED, PaymentStatus, RefundStatus
from payments.models import Payment, Refund


def payments_of(owner_id: str) -> QuerySet[Payment]:
    """Every attempt to pay for an order of this owner, with its refunds, oldest first."""
    return Payment.objects.filter(order__owner_id=owner_id).order_by("pk").prefetch_related("refunds")


def left_of(payment: Payment) -> int:
    """What of a captured payment is not on its way back, in minor units; sure while the payment is locked.

    A refund that the gateway refused takes nothing away: it may never go out.
    """
    earlier = Refund.objects.filter(payment=payment).exclude(status=RefundStatus.FAILED)
    return payment.amount_minor - sum(earlier.values_list("amount_minor", flat=True))


def open_payments(person: str) -> list[str]:
    """Payments of a person's orders that are undecided, or whose money is still on its way back, by id."""
    going_back = Q(status=PaymentStatus.REFUND_PENDING) | Q(refunds__status=RefundStatus.PENDING)
    found = Payment.objects.filter(Q(status__in=UNDECIDED) | going_back, order__in=orders_with(person))
    return sorted(set(found.values_list("pk", flat=True)))
