"""E-mail and password: checked in one place, in the same time whether the address is known or not."""

from django.contrib.auth.hashers import make_password

from altis.accounts import attempts
from altis.accounts.errors import InvalidEmail
from altis.accounts.models import User


def user_by_email(email: str) -> User | None:
    """The user with this address, active or not; None also for what is no address."""
    try:
        return User.objects.get_by_natural_key(email)
    except (User.DoesNotExist, InvalidEmail):
        return None


def checked_user(email: str, password: str) -> User | None:
    """The active user whose password this is. Hashes once in every case, so that time tells nothing.

    Raises TooManyAttempts, before anything is hashed, after too many failures for this address.
    """
    who = attempts.party(email)
    attempts.begin("login", who)
    user = user_by_email(email)
    if user is None:
        make_password(password)
        return None
    if not (user.check_password(password) and user.is_active):
        return None
    attempts.succeeded(who)
    return user
