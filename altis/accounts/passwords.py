"""A new password: whether it is good enough, and what ends with the old one."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from altis.accounts.errors import WeakPassword
from altis.accounts.models import User
from altis.accounts.tokens import forget_verified
from altis.store.database import command


def judge_password(password: str, user: User, *, at: str) -> None:
    """Refuse a WeakPassword of this user's, at a JSON pointer."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword.at(at, " ".join(error.messages)) from error


def replace_password(user: User, password: str, **changes: Any) -> bool:
    """Store a new password, with other `changes` of the row, and end every session.

    False, and nothing is stored, when the password that `user` was read with is not theirs any more, or the account is
    shut: of two that replace one password at once, one wins.
    """
    read = user.password
    user.set_password(password)  # slow by design, so before the transaction
    with command():
        same = User.objects.filter(pk=user.pk, password=read, is_active=True)
        won = same.update(password=user.password, **changes) == 1
        if won:
            _revoke_all(user)
    # Access tokens carry a stamp of the old password: other processes see it within seconds, this one at once.
    forget_verified()
    return won


def _revoke_all(user: User) -> None:
    tokens = OutstandingToken.objects.filter(user=user, blacklistedtoken=None)
    BlacklistedToken.objects.bulk_create([BlacklistedToken(token=token) for token in tokens], ignore_conflicts=True)
