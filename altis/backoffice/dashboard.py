"""The first page: what wants a person's attention now, and the newest orders."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from altis.store.admin.readonly import coloured_label, instant, link_to
from altis.store.models import OutboxEvent
from orders.admin.parts import ORDER_COLOURS
from orders.lifecycle import OrderStatus
from orders.models import Order
from payments.lifecycle import UNDECIDED, RefundStatus
from payments.models import Payment, Refund

_NEWEST = 10


@dataclass(frozen=True, slots=True)
class Card:
    """A number with the list behind it. Every count is over rows of a partial index, so it stays cheap."""

    title: str
    hint: str
    page: str
    query: str
    right: str
    count: Callable[[], int]
    urgent: bool = False

    def shown(self) -> dict[str, Any]:
        """What the template needs."""
        number = self.count()
        link = f"{reverse(f'admin:{self.page}_changelist')}?{self.query}"
        return {
            "title": self.title,
            "hint": self.hint,
            "number": number,
            "link": link,
            "alarm": self.urgent and number > 0,
        }


def _orders(status: OrderStatus) -> Callable[[], int]:
    return lambda: Order.objects.filter(status=status).count()


_CARDS = (
    Card(
        "Waiting for payment",
        "seats are held",
        "orders_order",
        "status__exact=PROPOSED",
        "orders.view_order",
        _orders(OrderStatus.PROPOSED),
    ),
    Card(
        "Being paid",
        "locked in, no answer yet",
        "payments_payment",
        "status__in=CREATED,SUBMITTED,UNKNOWN",
        "payments.view_payment",
        lambda: Payment.objects.filter(status__in=UNDECIDED).count(),
    ),
    Card(
        "Documents owed",
        "paid, not issued",
        "orders_order",
        "status__exact=PAID",
        "orders.view_order",
        _orders(OrderStatus.PAID),
    ),
    Card(
        "Refunds on their way",
        "not confirmed yet",
        "payments_refund",
        "status__exact=PENDING",
        "payments.view_refund",
        lambda: Refund.objects.filter(status=RefundStatus.PENDING).count(),
    ),
    Card(
        "Events waiting",
        "not in Kafka yet",
        "store_outboxevent",
        "state=waiting",
        "store.view_outboxevent",
        lambda: OutboxEvent.objects.filter(published_at__isnull=True, parked_at__isnull=True).count(),
    ),
    Card(
        "Events parked",
        "refused by Kafka: look at them",
        "store_outboxevent",
        "state=parked",
        "store.view_outboxevent",
        lambda: OutboxEvent.objects.filter(parked_at__isnull=False).count(),
        urgent=True,
    ),
)


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The index page's context with the cards and the newest orders that this user may see."""
    cards = [card.shown() for card in _CARDS if request.user.has_perm(card.right)]
    newest = list(Order.objects.order_by("-pk")[:_NEWEST]) if request.user.has_perm("orders.view_order") else None
    return {**context, "title": "Overview", "cards": cards, "newest": None if newest is None else _table(newest)}


def _table(orders: list[Order]) -> dict[str, Any]:
    return {
        "headers": ["Order", "Status", "Bundle", "Total", "Created"],
        "rows": [
            [
                link_to("orders_order", order.pk, order.reference),
                coloured_label(order.status, ORDER_COLOURS),
                order.bundle_name,
                str(order.total),
                instant(order.created_at),
            ]
            for order in orders
        ],
    }
