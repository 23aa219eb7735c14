"""The shapes of the orders' replies, for the OpenAPI document; tests hold the presenters against them."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from altis.api.serializers import MoneyOut
from orders.lifecycle import ItemStatus, OrderChange, OrderStatus

Out = serializers.Serializer[Any]


class PassengerOut(Out):
    """Somebody who travels."""

    id = serializers.CharField()
    type = serializers.ChoiceField(["adult", "child", "infant"])
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    born_on = serializers.CharField()


class ContactOut(Out):
    """Where the owner can be reached."""

    email = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)


class PricePartOut(Out):
    """One component of a unit price."""

    label = serializers.CharField()  # type: ignore[assignment]  # DRF takes declared fields off the class
    amount = serializers.CharField()


class OrderItemOut(Out):
    """One line of an order."""

    id = serializers.CharField()
    product_id = serializers.CharField()
    type = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField([status.value for status in ItemStatus])
    quantity = serializers.IntegerField()
    unit_price = MoneyOut()
    total = MoneyOut()
    price_explanation = PricePartOut(many=True)
    segment = serializers.IntegerField(allow_null=True)
    flight_id = serializers.CharField(allow_null=True)
    passenger_id = serializers.CharField(allow_null=True)
    passenger_type = serializers.CharField(allow_null=True)
    seat = serializers.CharField(allow_null=True)


class BarcodeOut(Out):
    """What a barcode says."""

    format = serializers.ChoiceField(["aztec"])
    payload = serializers.CharField()


class DocumentOut(Out):
    """A boarding document or a voucher."""

    id = serializers.CharField()
    passenger_id = serializers.CharField(allow_null=True)
    item_id = serializers.CharField(allow_null=True)
    type = serializers.ChoiceField(["boarding_document", "voucher"])
    barcode = BarcodeOut()
    created_at = serializers.DateTimeField()


class DocumentListOut(Out):
    """All documents of an order."""

    data = DocumentOut(many=True)  # type: ignore[assignment]  # as above
    next = serializers.CharField(allow_null=True)


class PaymentOut(Out):
    """What the order says about a payment."""

    id = serializers.CharField()
    status = serializers.CharField()
    amount = MoneyOut()
    created_at = serializers.DateTimeField()


class RefundOut(PaymentOut):
    """What the order says about a refund."""

    payment_id = serializers.CharField()


class OrderOut(Out):
    """An order."""

    id = serializers.CharField()
    reference = serializers.RegexField(r"^[A-Z0-9]{6}$")
    status = serializers.ChoiceField([status.value for status in OrderStatus])
    offer_id = serializers.CharField()
    bundle = serializers.CharField()
    bundle_name = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    total = MoneyOut()
    passengers = PassengerOut(many=True)
    contact = ContactOut()
    slices = serializers.ListField(child=serializers.DictField())
    items = OrderItemOut(many=True)
    conditions = serializers.DictField()
    documents = DocumentOut(many=True)
    payments = PaymentOut(many=True)
    refunds = RefundOut(many=True)
    available_actions = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()


class OrderEventOut(Out):
    """One move of an order."""

    id = serializers.CharField()
    sequence = serializers.IntegerField()
    to = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    reason = serializers.CharField()
    change = serializers.ChoiceField([change.value for change in OrderChange], allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """`from` is a word of Python, so it cannot be declared above."""
        return {**super().get_fields(), "from": serializers.CharField(allow_null=True)}


class HistoryOut(Out):
    """Every move of an order, oldest first; or the order as it stood, when an instant was asked for."""

    data = OrderEventOut(many=True)  # type: ignore[assignment]  # as above
    next = serializers.CharField(allow_null=True)


def history_reply() -> PolymorphicProxySerializer:
    """Either shape of the history, by whether `at` was given."""
    return PolymorphicProxySerializer(
        component_name="OrderHistory", serializers=[HistoryOut, OrderOut], resource_type_field_name=None
    )


def image_reply(mime: str) -> dict[tuple[int, str], OpenApiTypes]:
    """An image of this media type."""
    return {(200, mime): OpenApiTypes.BINARY}
