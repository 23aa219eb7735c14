"""Requests and replies of the catalog."""

from typing import Any

from rest_framework import serializers

from altis.api.serializers import MoneyOut, PageQuery, StrictCharField, StrictChoiceField, StrictDateField
from catalog.attributes import ProductType
from catalog.models import Cabin, Product


class FlightsQuery(PageQuery):
    """Which flights."""

    # Longer than a code: whatever is not an airport is answered by `unknown_airport`.
    origin = StrictCharField(max_length=40, help_text="IATA airport code")
    destination = StrictCharField(max_length=40, help_text="IATA airport code")
    departure_date = StrictDateField(help_text="Local date at the origin")


class ProductsQuery(PageQuery):
    """Which products."""

    type = StrictChoiceField([kind.value for kind in ProductType], required=False, help_text="Only this type")


class CabinOut(serializers.Serializer[Any]):
    """A cabin of a flight."""

    cabin = serializers.ChoiceField(Cabin.values)
    capacity = serializers.IntegerField()
    available = serializers.IntegerField(help_text="Seats left")
    price = MoneyOut(allow_null=True, help_text="One adult's seat now; null when sold out")


class FlightOut(serializers.Serializer[Any]):
    """A dated flight."""

    id = serializers.CharField()
    carrier = serializers.CharField()
    flight_number = serializers.CharField()
    origin = serializers.CharField()
    destination = serializers.CharField()
    departing_at = serializers.DateTimeField(help_text="UTC")
    arriving_at = serializers.DateTimeField(help_text="UTC")
    departing_at_local = serializers.CharField(help_text="Wall time at the origin, without offset")
    arriving_at_local = serializers.CharField(help_text="Wall time at the destination, without offset")
    origin_time_zone = serializers.CharField(help_text="IANA time zone")
    destination_time_zone = serializers.CharField(help_text="IANA time zone")
    aircraft = serializers.CharField()
    cabins = CabinOut(many=True)


class ProductOut(serializers.Serializer[Any]):
    """A product on sale."""

    id = serializers.CharField()
    type = serializers.ChoiceField([kind.value for kind in ProductType])
    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    base_price = MoneyOut()


def present_product(product: Product) -> dict[str, Any]:
    """A product as ProductOut."""
    return {
        "id": product.id,
        "type": product.type,
        "code": product.code,
        "name": product.name,
        "description": product.description,
        "base_price": product.base_price.as_json(),
    }
