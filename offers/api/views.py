"""Doors: search, read and reject offers. Guests may use them all."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from altis.api.idempotency import claim_for
from altis.api.rendering import JSON
from altis.api.schema import operation
from altis.api.serializers import read
from altis.api.views import ApiView
from altis.store.redis import StoreDown
from catalog.errors import UnknownAirport
from offers.api import examples
from offers.api.serializers import NoFieldsIn, OfferOut, SearchIn, SearchOut, search_request
from offers.errors import (
    DepartureInPast,
    InvalidAge,
    OfferAlreadyAccepted,
    OfferExpired,
    OfferNotFound,
    SameAirport,
    SlicesOutOfOrder,
    TooManyInfants,
    TooManyPassengers,
)
from offers.models import Offer
from offers.presenting import present
from offers.selectors import offer_for
from offers.services.reject import reject_offer
from offers.services.search import search_offers

_FIRST = {"offer_id": "$response.body#/offers/0/id"}
_OF_FIRST = {"read_offer": _FIRST, "accept_offer": _FIRST, "reject_offer": _FIRST}


class SearchView(ApiView):
    """Searches."""

    rate_class = "search"

    @operation(
        id="search_offers",
        summary="Search for offers",
        tags=["Offers"],
        request=SearchIn,
        response=SearchOut,
        request_example=examples.SEARCH,
        example=examples.RESULT,
        problems=[
            UnknownAirport,
            SameAirport,
            DepartureInPast,
            SlicesOutOfOrder,
            TooManyPassengers,
            TooManyInfants,
            InvalidAge,
            StoreDown,
        ],
        links=_OF_FIRST,
    )
    def post(self, request: Request) -> HttpResponse:
        """Three to five offers for a trip, best first; their prices are guaranteed until they expire."""
        made = search_offers(request=search_request(read(SearchIn, request)))
        return HttpResponse(made.reply, content_type=JSON)


class OfferView(ApiView):
    """One offer."""

    @operation(
        id="read_offer",
        summary="Read an offer",
        tags=["Offers"],
        response=OfferOut,
        example=examples.OFFER,
        problems=[OfferNotFound, OfferExpired, StoreDown],
    )
    def get(self, request: Request, offer_id: str) -> Response:
        """An offer by its id: while it is active, and at any time once it is accepted or rejected."""
        return Response(present(*offer_for(offer_id)))


class RejectView(ApiView):
    """The rejection of an offer."""

    @operation(
        id="reject_offer",
        summary="Reject an offer",
        tags=["Offers"],
        request=NoFieldsIn,
        response=OfferOut,
        example=examples.OFFER | {"status": "CANCELLED"},
        problems=[OfferNotFound, OfferExpired, OfferAlreadyAccepted, StoreDown],
        idempotent=True,
    )
    def post(self, request: Request, offer_id: str) -> HttpResponse:
        """The offer becomes CANCELLED; nobody can accept it any more."""
        with claim_for(request, status=200, render=_decided) as claim:
            read(NoFieldsIn, request)
            reject_offer(offer_id=offer_id, actor=self.actor, claim=claim)
        return claim.response()


def _decided(offer: Offer) -> dict[str, Any]:
    return present(offer.read(), offer.status)
