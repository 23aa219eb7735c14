"""Bodies and replies of the authentication endpoints."""

from typing import Any

from rest_framework import serializers

from altis.accounts.emails import MAX_LENGTH
from altis.accounts.tokens import MAX_BYTES, Pair
from altis.api.serializers import StrictCharField, StrictSerializer
from altis.shared.clock import iso

MAX_PASSWORD = 128


class Credentials(StrictSerializer):
    """An e-mail address and a password."""

    email = StrictCharField(max_length=MAX_LENGTH)
    password = StrictCharField(max_length=MAX_PASSWORD)


class GuestIn(StrictSerializer):
    """An empty object: nothing is asked of a guest."""


class RefreshRequest(StrictSerializer):
    """A refresh token that has not been used yet."""

    refresh = StrictCharField(max_length=MAX_BYTES)


class GuestTokenOut(serializers.Serializer[Any]):
    """A guest's token (for the document)."""

    access = serializers.CharField(help_text="JWT for `Authorization: Bearer`")
    token_type = serializers.ChoiceField(["Bearer"])
    expires_at = serializers.DateTimeField()
    kind = serializers.ChoiceField(["guest"])


class UserTokensOut(serializers.Serializer[Any]):
    """A user's pair of tokens (for the document)."""

    access = serializers.CharField(help_text="JWT for `Authorization: Bearer`")
    refresh = serializers.CharField(help_text="Good for one new pair")
    expires_at = serializers.DateTimeField(help_text="When the access token ends")
    kind = serializers.ChoiceField(["user"])


def present_pair(pair: Pair) -> dict[str, str]:
    """The reply of all four operations, as the contract words it for a guest and for a user."""
    more = {"refresh": pair.refresh} if pair.refresh else {"token_type": "Bearer"}
    return {"access": pair.access, **more, "expires_at": iso(pair.expires_at), "kind": pair.kind}
