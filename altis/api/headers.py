"""Headers that every reply has, whoever made it: a view, Django, or the guard before all of them."""

from functools import cache
from http import HTTPStatus
from typing import Any, Final

from csp.utils import build_policy
from django.http import HttpResponse

from altis.api.policies import NOTHING

ALWAYS: Final = {
    "Server": "Altis",  # in the place of the server's own name
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not stricter: without a referrer a browser also hides the origin of a form, by which Django knows it as its own.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def complete(response: HttpResponse) -> HttpResponse:
    """Add what nobody has said: the headers above, a policy that allows nothing, that nothing is stored, the length."""
    headers: Any = response.headers
    kept: dict[str, tuple[str, str]] = headers._store
    # Past Django's mapping, which judges name and value of each again: 25 µs a reply became 5.
    for name, header in _said_by_nobody():
        kept.setdefault(name, header)
    if response.status_code == HTTPStatus.NO_CONTENT:
        del response["Content-Length"]  # RFC 9110, 8.6: this one has none
    elif not response.streaming:
        response.headers.setdefault("Content-Length", str(len(response.content)))
    return response


@cache
def _said_by_nobody() -> list[tuple[str, tuple[str, str]]]:
    """By its name in small letters, as Django keeps it: each header's name and value."""
    policy = build_policy(dict(NOTHING))
    every = {**ALWAYS, "Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return [(name.lower(), (name, value)) for name, value in every.items()]
