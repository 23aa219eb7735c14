"""The base of every view. Order of checks: token, its kind, rate limit, idempotency, parsing, validation, service."""

from typing import Any

from django.http import HttpRequest
from django.utils.cache import patch_cache_control
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from altis.api.auth import caller_of
from altis.api.throttling import Verdict
from altis.shared.actors import Actor
from altis.shared.errors import Unauthenticated


class ApiView(APIView):
    """One operation, or the operations of one path. Subclasses parse, call one service, and present."""

    rate_class: str = "default"  # "" for no limit
    needs_user: bool = False  # a guest's token gets 403
    public: bool = False  # no token is looked at
    verdict: Verdict | None = None  # what the rate limiter said

    @property
    def actor(self) -> Actor:
        """Who calls; raises Unauthenticated in a public view."""
        caller = caller_of(self.request)
        if caller is None:
            raise Unauthenticated
        return caller

    def get_authenticators(self) -> list[BaseAuthentication]:
        """None where no token is needed."""
        return [] if self.public else super().get_authenticators()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """DRF's checks, then the body as a whole: its bytes are the idempotency fingerprint."""
        if request.method == "OPTIONS":
            return
        super().initial(request, *args, **kwargs)
        if request.method in ("POST", "PUT", "PATCH"):
            # Read before DRF takes the stream; Django then keeps the bytes for both.
            _ = request._request.body

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Add the limiter's headers; nothing under /v1 is cached unless the view says so."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if self.verdict is not None:
            for name, value in self.verdict.headers().items():
                final[name] = value
        if not final.has_header("Cache-Control"):
            patch_cache_control(final, no_store=True)
        return final

    def options(self, request: HttpRequest | Request, *args: Any, **kwargs: Any) -> Response:
        """The methods of this path, without a token."""
        return Response(None, status=204, headers={"Allow": ", ".join(self.allowed_methods)})
