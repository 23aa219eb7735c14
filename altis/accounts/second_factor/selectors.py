"""How far a member of staff has come: what the back-office asks for next."""

import enum

from django.conf import settings

from altis.accounts.models import User
from altis.accounts.second_factor.models import Authenticator, RecoveryCode


class Standing(enum.Enum):
    """What a session that knows the password lacks."""

    COMPLETE = "nothing"
    NEEDS_CODE = "a code"
    NEEDS_SET_UP = "an authenticator"


def standing_of(user: User, *, verified: bool) -> Standing:
    """Whether the second factor of this session is in order; `verified` says that it gave a code."""
    if verified:
        return Standing.COMPLETE
    if is_enrolled(user):
        return Standing.NEEDS_CODE
    return Standing.NEEDS_SET_UP if settings.ALTIS_REQUIRE_TOTP else Standing.COMPLETE


def is_enrolled(user: User) -> bool:
    """Whether the user has an authenticator that was confirmed."""
    return Authenticator.objects.filter(user=user, confirmed=True).exists()


def recovery_codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(user=user).count()
