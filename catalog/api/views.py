"""Reading flights and products."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from altis.api import pagination
from altis.api.pagination import InvalidCursor
from altis.api.rendering import JSON
from altis.api.schema import operation, page_of
from altis.api.serializers import read_query
from altis.api.views import ApiView
from catalog import selectors
from catalog.api import examples
from catalog.api.serializers import (
    FlightOut,
    FlightsQuery,
    ProductOut,
    ProductsQuery,
    present_product,
)
from catalog.errors import UnknownAirport
from catalog.models import Product
from catalog.services.list_flights import flights_page


class FlightsView(ApiView):
    """Flights on a day."""

    @operation(
        id="list_flights",
        summary="List direct flights on a day",
        description="Flights that have left, and flights that are closed for sale, are not listed.",
        tags=["Catalog"],
        query=FlightsQuery,
        response=page_of(FlightOut),
        example=examples.FLIGHTS,
        problems=[UnknownAirport, InvalidCursor],
    )
    def get(self, request: Request) -> HttpResponse:
        """One page, in order of departure."""
        return HttpResponse(flights_page(**read_query(FlightsQuery, request)), content_type=JSON)


class ProductsView(ApiView):
    """What can be sold."""

    @operation(
        id="list_products",
        summary="List products",
        tags=["Catalog"],
        query=ProductsQuery,
        response=page_of(ProductOut),
        example=examples.PRODUCTS,
        problems=[InvalidCursor],
    )
    def get(self, request: Request) -> Response:
        """One page, by type and code."""
        query = read_query(ProductsQuery, request)

        def read(place: Sequence[Any] | None, most: int) -> list[Product]:
            return selectors.products_on_sale(type=query.get("type"), behind=place, most=most)

        return Response(
            pagination.page_of(
                Product,
                read,
                key=("type", "code"),
                limit=query["limit"],
                after=query["after"],
                present=present_product,
            )
        )
