"""Log-in by e-mail address, for the admin and everything else in Django."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from altis.accounts.credentials import checked_user
from altis.accounts.errors import TooManyAttempts
from altis.accounts.models import User


class EmailBackend(ModelBackend):
    """Django's permissions, with our way to look a person up."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The active user with this address and password; None also after too many failures, whoever asks."""
        email = username if username is not None else kwargs.get("email")
        if email is None or password is None:
            return None
        try:
            return checked_user(email, password)
        except TooManyAttempts:
            return None
