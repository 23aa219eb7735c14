"""Reads of accounts."""

from altis.accounts.models import User
from altis.shared.errors import Unauthenticated


def active_account(user_id: str) -> User:
    """The user with this id; raises Unauthenticated when gone or shut."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Unauthenticated
    return user
