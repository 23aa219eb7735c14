"""Reads of accounts."""

from altis.accounts.models import User
from altis.privacy.keys import ask_for
from altis.shared.errors import Unauthenticated
from altis.store.pipeline import together
from altis.store.reading import find


def active_account(user_id: str) -> User:
    """The user with this id; raises Unauthenticated when gone or shut."""
    with together():
        found = find(User, "WHERE id = $1 AND is_active", user_id)
        ask_for([user_id])
    user = found.first()
    if user is None:
        raise Unauthenticated
    return user
