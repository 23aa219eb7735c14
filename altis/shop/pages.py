"""The base of the shop's pages: a visit, a limit, and one place that turns refusals into pages."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.gzip import gzip_page
from psycopg.errors import LockNotAvailable
from redis.exceptions import RedisError

from altis.api.errors import Busy
from altis.api.limits import limit_for
from altis.api.problems import code_of, status_of
from altis.api.throttling import address_party, take
from altis.shared.errors import AltisError, Invalid, TooMany, Unauthenticated, Unavailable
from altis.shop import words
from altis.shop.visit import Visit
from altis.telemetry import metrics

log = structlog.get_logger(__name__)
_REFUSALS = (AltisError, OperationalError, InterfaceError, DataError, RedisError)


# For pages that anybody may see, and images: nothing in them is secret, so that their length may tell what it likes.
packed = method_decorator(gzip_page, name="dispatch")


class Polite(View):
    """A view whose refusal of a method is a page."""

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """405, as a page."""
        headers = {"Allow": super().http_method_not_allowed(request, *args, **kwargs)["Allow"]}
        return sorry_page(request, "method_not_allowed", HTTPStatus.METHOD_NOT_ALLOWED, headers=headers)


class ShopPage(Polite):
    """One page. Subclasses parse, call one service and render; what they raise becomes a page here.

    `limits` names the API's class of limit for each method that has one: both doors share its count.
    """

    limits: ClassVar[Mapping[str, str]] = {}
    visit: Visit
    again = ""  # where the search form is filled in for the same trip, once a view knows the trip

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Serve it, or say why not; the visit goes along."""
        self.visit = Visit.of(request)
        try:
            self._count(request)
            response = super().dispatch(request, *args, **kwargs)
        except _REFUSALS as error:
            response = self._sorry(request, _as_refusal(error))
        self.visit.keep(response)
        return response

    def page(self, template: str, context: Mapping[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
        """A page of the shop."""
        return render(self.request, f"shop/{template}", dict(context), status=status)

    def _count(self, request: HttpRequest) -> None:
        method = "GET" if request.method == "HEAD" else str(request.method)  # a view does the same work for both
        rate_class = self.limits.get(method, "")
        limit = limit_for(rate_class)
        if limit is None:
            return
        parties = [address_party(request), *([f"sub:{self.visit.visitor}"] if self.visit.visitor else [])]
        verdict = take(rate_class, parties, limit)
        if not verdict.allowed:
            metrics.rate_limited.labels(rate_class).inc()
            raise TooMany(retry_after=max(1, verdict.wait_seconds))

    def _sorry(self, request: HttpRequest, error: AltisError) -> HttpResponse:
        """The refusal under the status that the API gives. A visitor whose account was shut begins anew."""
        if isinstance(error, Unauthenticated):
            self.visit.end()
        wait = error.retry_after
        headers = {} if wait is None else {"Retry-After": str(wait)}
        code, status = code_of(error), status_of(type(error))
        return sorry_page(request, code, status, again=self.again, wait=wait, headers=headers)


def sorry_page(
    request: HttpRequest,
    code: str,
    status: int,
    *,
    again: str = "",
    wait: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A page that says what has happened and what to do. `again` is where its button leads when that is to search."""
    said = words.sorry(code)
    to = again if again and said.to == "shop" else reverse(said.to)
    context = {"words": said, "to": to, "wait": wait, "code": code}
    response = render(request, "shop/sorry.html", context, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _as_refusal(error: Exception) -> AltisError:
    if isinstance(error, AltisError):
        return error
    if isinstance(error, DataError):
        return Invalid()
    if isinstance(error.__cause__, LockNotAvailable):
        return Busy(retry_after=1)
    log.warning("a store is unavailable", error=type(error.__cause__ or error).__name__)
    return Unavailable(retry_after=1)
