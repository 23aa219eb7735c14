"""The orders' doors: accept, read, list, history, cancel, documents."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from altis.api.addresses import client_ip, network_of
from altis.api.idempotency import claim_for
from altis.api.pagination import InvalidCursor, page
from altis.api.schema import operation, page_of
from altis.api.serializers import read, read_query
from altis.api.views import ApiView
from altis.privacy.blind import blind_index
from altis.shared.actors import Actor
from catalog.errors import SeatTaken, SoldOut
from offers.errors import OfferAlreadyAccepted, OfferCancelled, OfferExpired, OfferNotFound
from orders import errors, selectors
from orders.api import examples, replies, requests
from orders.api.presenters import present_document, present_event, present_order, present_order_at
from orders.drawing import ImageFormat, draw
from orders.models import Order
from orders.services.cancel import cancel_order
from orders.services.place import place_order

_MIME = {"png": "image/png", "svg": "image/svg+xml"}


class AcceptOffer(ApiView):
    """`POST /v1/offers/{offer_id}/accept`"""

    rate_class = "accept"
    needs_user = True

    @operation(
        id="accept_offer",
        summary="Accept an offer: an order is proposed, and its seats are held for 30 minutes",
        tags=["Offers"],
        request=requests.AcceptIn,
        request_example=examples.ACCEPT,
        response=replies.OrderOut,
        status=201,
        example=examples.ORDER,
        problems=[
            OfferNotFound,
            OfferExpired,
            OfferAlreadyAccepted,
            OfferCancelled,
            SoldOut,
            SeatTaken,
            errors.TooManyHolds,
            errors.PassengerMismatch,
            errors.PassengerTypeMismatch,
            errors.UnknownProduct,
            errors.NotAnExtra,
            errors.UnknownSeat,
        ],
        idempotent=True,
    )
    def post(self, request: Request, offer_id: str) -> HttpResponse:
        """Accept an offer."""
        with claim_for(request, status=201, render=present_order) as claim:
            order = place_order(
                offer_id=offer_id,
                actor=self.actor,
                client=blind_index(network_of(client_ip(request)), "orders.client"),
                claim=claim,
                **requests.accept_arguments(read(requests.AcceptIn, request)),
            )
        return claim.response(order, headers={"Location": f"/v1/orders/{order.pk}"})


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
    )
    def get(self, request: Request, order_id: str) -> Response:
        """Read an order; the ETag changes with its version."""
        order = selectors.order_for(self.actor, order_id)
        return Response(present_order(order), headers={"ETag": _etag(order)})


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


class CancelOrder(ApiView):
    """`POST /v1/orders/{order_id}/cancel`"""

    needs_user = True

    @operation(
        id="cancel_order",
        summary="Give up an order that waits for its payment",
        tags=["Orders"],
        request=requests.EmptyIn,
        response=replies.OrderOut,
        example={**examples.ORDER, "status": "CANCELLED", "expires_at": None, "available_actions": []},
        problems=[errors.OrderNotFound, errors.OrderNotCancellable],
        idempotent=True,
    )
    def post(self, request: Request, order_id: str) -> HttpResponse:
        """Cancel an unpaid order."""
        with claim_for(request, status=200, render=present_order) as claim:
            read(requests.EmptyIn, request)
            order = selectors.order_for(self.actor, order_id)
            order = cancel_order(order_id=order.pk, actor=self.actor, reason="customer_cancelled", claim=claim)
        return claim.response(order)


class Documents(ApiView):
    """`GET /v1/orders/{order_id}/documents`"""

    needs_user = True

    @operation(
        id="list_documents",
        summary="The boarding documents and vouchers of an order",
        tags=["Orders"],
        response=replies.DocumentListOut,
        example={"data": [examples.DOCUMENT], "next": None},
        problems=[errors.OrderNotFound],
    )
    def get(self, request: Request, order_id: str) -> Response:
        """List the documents."""
        order = selectors.order_for(self.actor, order_id)
        return Response({"data": [present_document(document) for document in order.documents.all()], "next": None})


class BarcodePng(ApiView):
    """`GET /v1/documents/{document_id}/barcode.png`"""

    needs_user = True

    @operation(
        id="get_barcode_png",
        summary="A document's barcode as a PNG image",
        tags=["Orders"],
        query=requests.BarcodeQuery,
        response=replies.image_reply("image/png"),
        problems=[errors.DocumentNotFound],
    )
    def get(self, request: Request, document_id: str) -> HttpResponse:
        """Draw the barcode in pixels."""
        return _image(request, self.actor, document_id, "png")


class BarcodeSvg(ApiView):
    """`GET /v1/documents/{document_id}/barcode.svg`"""

    needs_user = True

    @operation(
        id="get_barcode_svg",
        summary="A document's barcode as an SVG image",
        tags=["Orders"],
        query=requests.BarcodeQuery,
        response=replies.image_reply("image/svg+xml"),
        problems=[errors.DocumentNotFound],
    )
    def get(self, request: Request, document_id: str) -> HttpResponse:
        """Draw the barcode in paths."""
        return _image(request, self.actor, document_id, "svg")


def _image(request: Request, actor: Actor, document_id: str, fmt: ImageFormat) -> HttpResponse:
    query = read_query(requests.BarcodeQuery, request)
    document = selectors.document_for(actor, document_id)
    image = draw(document.payload, symbology=query["symbology"], fmt=fmt)
    return HttpResponse(image, content_type=_MIME[fmt])


def _etag(order: Order) -> str:
    return f'"{order.pk}.{order.version}"'
