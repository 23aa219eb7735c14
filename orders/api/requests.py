"""What clients send to the orders' operations."""

from typing import Any

from django.core.validators import RegexValidator

from altis.api.serializers import (
    IdField,
    PageQuery,
    StrictCharField,
    StrictChoiceField,
    StrictDateField,
    StrictInstantField,
    StrictIntegerField,
    StrictSerializer,
    list_of,
)
from orders.api.fields import EmailField, NameField, PhoneField
from orders.lifecycle import OrderStatus
from orders.placing import Contact, Extra, Traveller


class TravellerIn(StrictSerializer):
    """One passenger, at the place where the search named their type."""

    given_name = NameField()
    family_name = NameField()
    born_on = StrictDateField()


class ContactIn(StrictSerializer):
    """Where the customer can be reached about this order."""

    email = EmailField()
    phone = PhoneField(required=False)


class ExtraIn(StrictSerializer):
    """A product on top of the offer, for a passenger and a segment by their positions."""

    product_id = IdField("prd")
    passenger = StrictIntegerField(min_value=0, max_value=8, required=False)
    segment = StrictIntegerField(min_value=0, max_value=15, required=False)
    quantity = StrictIntegerField(min_value=1, max_value=9, default=1)
    seat = StrictCharField(max_length=4, validators=[RegexValidator(r"^[1-9][0-9]{0,2}[A-Z]$")], required=False)


class AcceptIn(StrictSerializer):
    """The people that an offer is accepted for, and what they choose on top."""

    passengers = list_of(TravellerIn, max_length=9)
    contact = ContactIn()
    items = list_of(ExtraIn, max_length=50, required=False)


class OrdersQuery(PageQuery):
    """Filters of the list of orders."""

    status = StrictChoiceField([status.value for status in OrderStatus], required=False)


class HistoryQuery(StrictSerializer):
    """An instant to look back to."""

    at = StrictInstantField(required=False)


class EmptyIn(StrictSerializer):
    """An operation that takes no body."""


class BarcodeQuery(StrictSerializer):
    """How a barcode is drawn."""

    symbology = StrictChoiceField(["aztec", "pdf417", "qr"], default="aztec")


def accept_arguments(values: dict[str, Any]) -> dict[str, Any]:
    """What `AcceptIn` has read, as the service's arguments."""
    return {
        "travellers": [Traveller(**entry) for entry in values["passengers"]],
        "contact": Contact(**{"phone": "", **values["contact"]}),
        "extras": [Extra(**entry) for entry in values.get("items", [])],
    }
