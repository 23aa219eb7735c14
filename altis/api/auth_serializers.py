"""Bodies and replies of the authentication endpoints."""

from typing import Any

from rest_framework import serializers

from altis.accounts.emails import MAX_LENGTH
from altis.accounts.models import User
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


class ResendRequest(StrictSerializer):
    """An empty object: the token says who asks."""


class LinkToken(StrictSerializer):
    """The token of a link in an e-mail."""

    token = StrictCharField(max_length=MAX_BYTES)


class PasswordChange(StrictSerializer):
    """The password of now, and the one that replaces it."""

    current_password = StrictCharField(max_length=MAX_PASSWORD)
    new_password = StrictCharField(max_length=MAX_PASSWORD)


class ResetRequest(StrictSerializer):
    """The address of an account."""

    email = StrictCharField(max_length=MAX_LENGTH)


class PasswordReset(StrictSerializer):
    """The token of a link, and the password that is wanted."""

    token = StrictCharField(max_length=MAX_BYTES)
    new_password = StrictCharField(max_length=MAX_PASSWORD)


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


class VerifiedOut(serializers.Serializer[Any]):
    """Whether the address is known to be its owner's."""

    email_verified = serializers.BooleanField()


class ResetRequestedOut(serializers.Serializer[Any]):
    """The same for every address."""

    status = serializers.ChoiceField(["accepted"])


class MeOut(serializers.Serializer[Any]):
    """The account of a token."""

    id = serializers.CharField()
    email = serializers.CharField()
    email_verified = serializers.BooleanField()
    kind = serializers.ChoiceField(["user"])


def present_verified(user: User) -> dict[str, bool]:
    """The reply to a call about the address."""
    return {"email_verified": user.email_verified_at is not None}


def present_me(user: User) -> dict[str, Any]:
    """An account, for its owner."""
    return {"id": user.pk, "email": str(user.email), **present_verified(user), "kind": "user"}


def present_pair(pair: Pair) -> dict[str, str]:
    """The reply of all operations that give tokens, as the contract words it for a guest and for a user."""
    more = {"refresh": pair.refresh} if pair.refresh else {"token_type": "Bearer"}
    return {"access": pair.access, **more, "expires_at": iso(pair.expires_at), "kind": pair.kind}
