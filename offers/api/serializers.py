"""Search requests as they arrive, and offers as the OpenAPI document describes them."""

from typing import Any

from rest_framework import serializers

from altis.api.serializers import (
    MoneyOut,
    StrictCharField,
    StrictChoiceField,
    StrictDateField,
    StrictIntegerField,
    StrictListField,
    StrictSerializer,
)
from catalog.models import Cabin
from offers.lifecycle import OfferStatus
from offers.trip import PASSENGER_TYPES, Passenger, SearchRequest, SliceRequest


class SliceIn(StrictSerializer):
    """One slice of the trip: one way, or one of the ways of a return or multi-city trip."""

    origin = StrictCharField(max_length=32, help_text="IATA code of an airport")
    destination = StrictCharField(max_length=32, help_text="IATA code of an airport")
    departure_date = StrictDateField(help_text="Local date at the origin")


class PassengerIn(StrictSerializer):
    """One traveller. Infants travel on an adult's lap."""

    type = StrictChoiceField(PASSENGER_TYPES)
    age = StrictIntegerField(required=False, min_value=0, max_value=130, help_text="Whole years; children are 2 to 11")


class SearchIn(StrictSerializer):
    """What to search for."""

    slices = StrictListField(child=SliceIn(), min_length=1, max_length=4)
    passengers = StrictListField(child=PassengerIn(), min_length=1, max_length=50, help_text="1 to 9")
    cabin = StrictChoiceField(Cabin.values, default=Cabin.ECONOMY.value)
    max_offers = StrictIntegerField(default=5, min_value=3, max_value=5)


class NoFieldsIn(StrictSerializer):
    """An empty object."""


def search_request(data: dict[str, Any]) -> SearchRequest:
    """The values of `SearchIn` as a request to the service."""
    return SearchRequest(
        slices=tuple(SliceRequest(**slice) for slice in data["slices"]),
        passengers=tuple(Passenger(**passenger) for passenger in data["passengers"]),
        cabin=data["cabin"],
        max_offers=data["max_offers"],
    )


class SegmentOut(serializers.Serializer[Any]):
    """One flight in one cabin."""

    flight_id = serializers.CharField()
    carrier = serializers.CharField()
    flight_number = serializers.CharField()
    origin = serializers.CharField()
    destination = serializers.CharField()
    departing_at = serializers.DateTimeField(help_text="UTC")
    arriving_at = serializers.DateTimeField(help_text="UTC")
    departing_at_local = serializers.CharField(help_text="Wall clock at the origin, without offset")
    arriving_at_local = serializers.CharField(help_text="Wall clock at the destination, without offset")
    origin_time_zone = serializers.CharField(help_text="IANA time zone")
    destination_time_zone = serializers.CharField(help_text="IANA time zone")
    aircraft = serializers.CharField()
    cabin = serializers.ChoiceField(Cabin.values)


class SliceOut(serializers.Serializer[Any]):
    """One slice as offered."""

    origin = serializers.CharField()
    destination = serializers.CharField()
    segments = SegmentOut(many=True)


class OfferPassengerOut(serializers.Serializer[Any]):
    """A traveller as searched for."""

    type = serializers.ChoiceField(PASSENGER_TYPES)
    age = serializers.IntegerField(required=False)


class PriceLineOut(serializers.Serializer[Any]):
    """One component of a unit price."""

    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    amount = serializers.CharField(help_text="Decimal, may be negative")


class OfferItemOut(serializers.Serializer[Any]):
    """One line of an offer; the price explanation adds up to the unit price."""

    product_id = serializers.CharField()
    type = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = MoneyOut()
    total = MoneyOut()
    price_explanation = PriceLineOut(many=True)
    slice = serializers.IntegerField(allow_null=True, help_text="Position of the slice it belongs to")
    segment = serializers.IntegerField(allow_null=True, help_text="Position among all segments of the trip")
    passenger_type = serializers.ChoiceField(PASSENGER_TYPES, allow_null=True)


class ConditionsOut(serializers.Serializer[Any]):
    """What may be done later; a penalty counts only where the thing itself is allowed."""

    refundable = serializers.BooleanField()
    refund_penalty = MoneyOut()
    changeable = serializers.BooleanField()
    change_penalty = MoneyOut()


class ContributionOut(serializers.Serializer[Any]):
    """What one feature contributes to the score."""

    feature = serializers.CharField()
    contribution = serializers.CharField(help_text="Decimal, may be negative")


class OfferOut(serializers.Serializer[Any]):
    """One offer; the rank explanation adds up to the score."""

    id = serializers.CharField()
    status = serializers.ChoiceField([status.value for status in OfferStatus])
    rank = serializers.IntegerField()
    score = serializers.CharField()
    bundle = serializers.CharField()
    bundle_name = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    slices = SliceOut(many=True)
    passengers = OfferPassengerOut(many=True)
    items = OfferItemOut(many=True)
    total = MoneyOut()
    conditions = ConditionsOut()
    rank_explanation = ContributionOut(many=True)


class SearchOut(serializers.Serializer[Any]):
    """Three to five offers, best first, or why there are none."""

    search_id = serializers.CharField()
    expires_at = serializers.DateTimeField()
    offers = OfferOut(many=True)
    reason = serializers.ChoiceField(["no_flights", "sold_out"], allow_null=True)
