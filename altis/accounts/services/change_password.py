"""Change a password that one knows."""

from altis.accounts import attempts
from altis.accounts.errors import InvalidCredentials
from altis.accounts.models import User
from altis.accounts.passwords import judge_password, replace_password
from altis.accounts.selectors import active_account


def change_password(*, user_id: str, current_password: str, new_password: str) -> User:
    """Give a user another password; every session of theirs ends.

    Raises InvalidCredentials for a wrong present one, TooManyAttempts after too many of them, and WeakPassword.
    """
    user = active_account(user_id)
    attempts.begin("login", user.email_index)
    if not user.check_password(current_password):
        raise InvalidCredentials
    attempts.succeeded(user.email_index)
    judge_password(new_password, user, at="/new_password")
    if not replace_password(user, new_password):
        raise InvalidCredentials
    return user
