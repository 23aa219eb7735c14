"""What clients and gateways send to the payments' operations."""

from typing import Any

from rest_framework import serializers

from altis.api.serializers import StrictCharField, StrictSerializer


class PaymentMethodIn(StrictSerializer):
    """How to pay."""

    token = StrictCharField(max_length=128, help_text="Of the payment gateway; never a card number")


class PayIn(StrictSerializer):
    """A payment for the whole order."""

    payment_method = PaymentMethodIn()


class WebhookOut(serializers.Serializer[Any]):
    """What became of a webhook event."""

    outcome = serializers.ChoiceField(["applied", "duplicate", "ignored", "refunded"])
