"""What only pages need of Django: sessions, who has logged in, messages. /v1 has bearer tokens.

Each stands where Django's own would; a request under /v1 passes it by, since all of them together took more time than
many an operation does.
"""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django_otp.middleware import OTPMiddleware

from altis.api.guard import is_api


class _Passing:
    """Mixed into a middleware: requests under /v1 go on to the next one."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_api(request) else super().__call__(request)  # type: ignore[misc]  # the middleware has it


class PageSessions(_Passing, SessionMiddleware):
    """Sessions."""


class PageUsers(_Passing, AuthenticationMiddleware):
    """Who has logged in to the back-office."""


class PageSecondFactors(_Passing, OTPMiddleware):  # type: ignore[misc]  # it has no types
    """Whether they have shown their second factor."""


class PageMessages(_Passing, MessageMiddleware):
    """What the last page told the next one."""
