"""The first page: what wants a person's attention now, a month of figures, and the newest orders."""

from typing import Any

from django.http import HttpRequest

from altis.backoffice.board import gauges
from altis.backoffice.board.views import figures_of
from altis.store.admin.readonly import coloured_label, instant, link_to
from orders.admin.parts import ORDER_COLOURS
from orders.models import Order

_NEWEST = 10


def overview(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The index page's context with what this user may see; staff without any right see an empty desk."""
    newest = list(Order.objects.order_by("-pk")[:_NEWEST]) if request.user.has_perm("orders.view_order") else None
    return {
        **context,
        "title": "Overview",
        "cards": gauges.shown(request),
        **figures_of(request),
        "newest": None if newest is None else _table(newest),
    }


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
