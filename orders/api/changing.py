"""The doors that change an order: accept an offer, cancel."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from altis.api.addresses import client_ip, network_of
from altis.api.idempotency import claim_for
from altis.api.schema import operation
from altis.api.serializers import read
from altis.api.views import ApiView
from altis.privacy.blind import blind_index
from catalog.errors import SeatTaken, SoldOut
from offers.errors import OfferAlreadyAccepted, OfferCancelled, OfferExpired, OfferNotFound
from offers.selectors import offer_ahead
from orders import errors, selectors
from orders.api import examples, links, replies, requests
from orders.api.presenters import present_order
from orders.services.cancel import cancel_order
from orders.services.place import place_order


class AcceptOffer(ApiView):
    """`POST /v1/offers/{offer_id}/accept`"""

    rate_class = "accept"
    needs_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As ever; the offer is fetched with the rate limit."""
        with offer_ahead(kwargs["offer_id"]):
            return super().dispatch(request, *args, **kwargs)

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
        links=links.OPEN_ORDER | links.OFFER,
    )
    def post(self, request: Request, offer_id: str) -> HttpResponse:
        """Accept an offer."""
        with claim_for(request, status=201, render=present_order, location="/v1/orders/{}") as claim:
            order = place_order(
                offer_id=offer_id,
                actor=self.actor,
                client=blind_index(network_of(client_ip(request)), "orders.client"),
                claim=claim,
                **requests.accept_arguments(read(requests.AcceptIn, request)),
            )
        return claim.response(order, headers={"Location": f"/v1/orders/{order.pk}"})


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
        links=links.ORDER,
    )
    def post(self, request: Request, order_id: str) -> HttpResponse:
        """Cancel an unpaid order."""
        with claim_for(request, status=200, render=present_order) as claim:
            read(requests.EmptyIn, request)
            selectors.require_own(self.actor, order_id)
            order = cancel_order(order_id=order_id, actor=self.actor, reason="customer_cancelled", claim=claim)
        return claim.response(order)
