"""Log in with e-mail address and password."""

from altis.accounts.credentials import checked_user
from altis.accounts.errors import InvalidCredentials
from altis.accounts.models import User


def login(*, email: str, password: str) -> User:
    """The user with these credentials; refuses with InvalidCredentials, whatever the reason."""
    user = checked_user(email, password)
    if user is None:
        raise InvalidCredentials
    return user
