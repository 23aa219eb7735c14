"""The doors that read orders: one, many, and their history."""

import hashlib
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from altis.api.pagination import InvalidCursor, page
from altis.api.rendering import to_json
from altis.api.schema import operation, page_of
from altis.api.serializers import read_query
from altis.api.views import ApiView
from orders import errors, selectors
from orders.api import examples, links, replies, requests
from orders.api.presenters import present_event, present_order, present_order_at


class Orders(ApiView):
    """`GET /v1/orders`"""

    needs_user = True

    @operation(
        id="list_orders",
        summary="Your orders, newest first",
        tags=["Orders"],
        query=requests.OrdersQuery,
        response=page_of(replies.OrderOut),
        example={"data": [examples.ORDER], "next": None},
        problems=[InvalidCursor],
        links=links.FIRST_ORDER,
    )
    def get(self, request: Request) -> Response:
        """List one's own orders."""
        query = read_query(requests.OrdersQuery, request)
        orders = selectors.with_parts(selectors.orders_of(self.actor, status=query.get("status")))
        return Response(
            page(
                orders,
                key=("-id",),
                limit=query["limit"],
                after=query["after"],
                present=present_order,
                prepare=selectors.open_personal_data,
            )
        )


class OneOrder(ApiView):
    """`GET /v1/orders/{order_id}`"""

    needs_user = True

    @operation(
        id="get_order",
        summary="One of your orders",
        tags=["Orders"],
        response=replies.OrderOut,
        example=examples.ORDER,
        problems=[errors.OrderNotFound],
        links=links.OPEN_ORDER,
    )
    def get(self, request: Request, order_id: str) -> Response:
        """Read an order; the ETag changes with whatever the reply shows."""
        shown = present_order(selectors.order_for(self.actor, order_id))
        return Response(shown, headers={"ETag": _etag(shown)})


class History(ApiView):
    """`GET /v1/orders/{order_id}/history`"""

    needs_user = True

    @operation(
        id="get_order_history",
        summary="Every state change of an order, or with `at` the order as it stood then",
        tags=["Orders"],
        query=requests.HistoryQuery,
        response=replies.history_reply(),
        example={"data": [examples.EVENT], "next": None},
        problems=[errors.OrderNotFound],
    )
    def get(self, request: Request, order_id: str) -> Response:
        """Read the history."""
        instant = read_query(requests.HistoryQuery, request).get("at")
        order = selectors.order_for(self.actor, order_id)
        if instant is not None:
            return Response(present_order_at(order, selectors.last_event_at(order, instant)))
        return Response({"data": [present_event(event) for event in selectors.events_of(order)], "next": None})


def _etag(shown: dict[str, Any]) -> str:
    return f'"{hashlib.sha256(to_json(shown)).hexdigest()[:32]}"'
