"""What clients and gateways send to the payments' operations."""

from typing import Any

from rest_framework import serializers

from altis.api.serializers import StrictCharField, StrictSerializer
from payments.cards import looks_like_card_number
from payments.errors import CardNumberRefused


class TokenField(StrictCharField):
    """A gateway's token: never a card number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=128, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        token = super().to_internal_value(data)
        if looks_like_card_number(token):
            raise serializers.ValidationError(CardNumberRefused.message, code=CardNumberRefused.code)
        return token


class PaymentMethodIn(StrictSerializer):
    """How to pay."""

    token = TokenField()


class PayIn(StrictSerializer):
    """A payment for the whole order."""

    payment_method = PaymentMethodIn()


class WebhookOut(serializers.Serializer[Any]):
    """What became of a webhook event."""

    outcome = serializers.ChoiceField(["applied", "duplicate", "ignored", "refunded"])
