"""The base of every view. Order of checks: token, its kind, rate limit, idempotency, parsing, validation, service."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from altis.api.auth import caller_of
from altis.api.negotiation import Negotiation
from altis.api.throttling import Verdict
from altis.shared.actors import Actor
from altis.shared.errors import Unauthenticated


class ApiView(APIView):
    """One operation, or the operations of one path. Subclasses parse, call one service, and present.

    What DRF makes anew for each request (authenticators, parsers and so on) keeps nothing here, so it is made once.
    """

    content_negotiation_class = Negotiation
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

    @property
    def default_response_headers(self) -> dict[str, str]:
        """DRF's own for this path."""
        view: Any = type(self)
        return dict(_headers_of(view))

    def get_content_negotiator(self) -> Any:
        """Of this class."""
        return _made(self.content_negotiation_class)

    def get_renderers(self) -> list[Any]:
        """Of this class."""
        return [_made(kind) for kind in self.renderer_classes]

    def get_parsers(self) -> list[Any]:
        """Of this class."""
        return [_made(kind) for kind in self.parser_classes]

    def get_permissions(self) -> list[Any]:
        """Of this class."""
        return [_made(kind) for kind in self.permission_classes]

    def get_throttles(self) -> list[Any]:
        """Of this class."""
        return [_made(kind) for kind in self.throttle_classes]

    def get_authenticators(self) -> list[Any]:
        """None where no token is needed."""
        return [] if self.public else [_made(kind) for kind in self.authentication_classes]

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
            final["Cache-Control"] = "no-store"
        return final

    def options(self, request: HttpRequest | Request, *args: Any, **kwargs: Any) -> Response:
        """The methods of this path, without a token."""
        return Response(None, status=204, headers={"Allow": ", ".join(self.allowed_methods)})


_instance = cache(lambda kind: kind())


def _made(kind: Any) -> Any:
    return _instance(kind)


@cache
def _headers_of(view: Any) -> Mapping[str, str]:
    example = view()
    example.setup(HttpRequest())  # which decides whether there is a HEAD
    headers: dict[str, str] = super(ApiView, example).default_response_headers
    return headers
