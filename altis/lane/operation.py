"""An operation as the URL conf and its view declare it: what the lane must do alike, asked once instead of repeated."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils.module_loading import import_string
from rest_framework.response import Response

from altis.api.headers import complete
from altis.api.limits import limit_for
from altis.api.views import ApiView
from altis.store.gcra import Limit

_MOST_HEADS = 512
# What counts and logs requests (the lane does both itself), and what looks for files.
_APART = ("altis.api.middleware.RequestGuard", "altis.telemetry.", "whitenoise.")
Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Head:
    """What every 200 to requests of one kind begins with, and how they are told apart in the metrics."""

    headers: Headers
    transport: str


_UNASKED = Head([], "")


class Operation:
    """A method of a path under /v1."""

    def __init__(self, method: str, path: str) -> None:
        """Raises ValueError for an operation whose checks the lane does not know."""
        found = resolve(path)
        view: type[ApiView] = found.func.cls  # type: ignore[attr-defined]  # a view of DRF has one
        if view.public or view.needs_user:
            raise ValueError(f"{method} {path}: the lane takes operations for guests and users alike")
        self.method, self.path = method, path
        self.view_name, self.route = found.view_name, found.route
        self.rate_class = view.rate_class
        self._chain = _chain(_sample(view, method))
        self._heads: dict[tuple[str, ...], Head | None] = {}

    @property
    def limit(self) -> Limit | None:
        """Its rate limit under the present settings."""
        return limit_for(self.rate_class)

    def head(self, host: str, scheme: str, forwarded_proto: str, origin: str) -> Head | None:
        """The headers of a 200 to such a request; None where Django's middleware would not let it through.

        Asked of that middleware once per kind of request: hosts, redirects to HTTPS, HSTS, CORS, and whatever comes.
        """
        kind = (host, scheme, forwarded_proto, origin)
        head = self._heads.get(kind, _UNASKED)
        if head is _UNASKED:
            if len(self._heads) >= _MOST_HEADS:
                self._heads.pop(next(iter(self._heads)))
            head = self._heads[kind] = self._asked(*kind)
        return head

    def _asked(self, host: str, scheme: str, forwarded_proto: str, origin: str) -> Head | None:
        sent = {"HTTP_X_FORWARDED_PROTO": forwarded_proto, "HTTP_ORIGIN": origin}
        request = WSGIRequest(
            {
                "REQUEST_METHOD": self.method,
                "PATH_INFO": self.path,
                "SERVER_NAME": "lane",
                "SERVER_PORT": "0",
                "HTTP_HOST": host,
                "wsgi.url_scheme": scheme,
                "wsgi.input": io.BytesIO(),
                **{name: value for name, value in sent.items() if value},
            }
        )
        try:
            response = self._chain(request)
        except Exception:  # noqa: BLE001  (whatever Django refuses so it shall answer itself)
            return None
        if response.status_code != 200 or response.cookies:  # noqa: PLR2004
            return None
        headers = [(name, value) for name, value in complete(response).items() if name != "Content-Length"]
        return Head(headers, "https" if request.is_secure() else "http")


def _chain(handler: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponse]:
    for name in reversed(settings.MIDDLEWARE):
        if not name.startswith(_APART):
            handler = import_string(name)(handler)
    return handler


def _sample(view: type[ApiView], method: str) -> Callable[[HttpRequest], Any]:
    """The view with nothing to check and nothing to do: what is left is what DRF and our base class add to replies."""

    def answer(self: ApiView, request: Any, **_: Any) -> Response:
        return Response({})

    idle: Any = type(view.__name__, (view,), {"public": True, "rate_class": "", method.lower(): answer})
    serve = idle.as_view()

    def sample(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = serve(request).render()
        return response

    return sample
