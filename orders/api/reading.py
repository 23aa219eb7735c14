"""The doors that read orders: one, many, and their history."""

import hashlib
from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from altis.api import pagination
from altis.api.pagination import InvalidCursor
from altis.api.rendering import to_json
from altis.api.schema import operation, page_of
from altis.api.serializers import read_query
from altis.api.views import ApiView
from orders import errors, selectors
from orders.api import examples, links, replies, requests
from orders.api.presenters import present_event, present_order, present_order_at
from orders.models import Order


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

        def read(place: Sequence[Any] | None, most: int) -> list[Order]:
            before = place[0] if place else None
            return selectors.newest_orders(self.actor, status=query.get("status"), before=before, most=most)

        return Response(
            pagination.page_of(
                Order,
                read,
                key=("-id",),
                limit=query["limit"],
                after=query["after"],
                present=present_order,
                prepare=selectors.load_parts,
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
        if instant is not None:
            return Response(present_order_at(*selectors.order_at(self.actor, order_id, instant)))
        events = selectors.history_for(self.actor, order_id)
        return Response({"data": [present_event(event) for event in events], "next": None})


def _etag(shown: dict[str, Any]) -> str:
    return f'"{hashlib.sha256(to_json(shown)).hexdigest()[:32]}"'
