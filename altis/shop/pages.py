"""The base of the shop's pages: a visit, a limit, and one place that turns refusals into pages."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.gzip import gzip_page

from altis.api.errors import STORE_ERRORS, refusal_of
from altis.api.problems import code_of, status_of
from altis.api.throttling import address_party, spend
from altis.shared.errors import AltisError, Unauthenticated
from altis.shop import words
from altis.shop.visit import Visit

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
        except (AltisError, *STORE_ERRORS) as error:
            response = self._sorry(request, refusal_of(error))
        self.visit.keep(response)
        return response

    def page(self, template: str, context: Mapping[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
        """A page of the shop."""
        return render(self.request, f"shop/{template}", dict(context), status=status)

    def _count(self, request: HttpRequest) -> None:
        method = "GET" if request.method == "HEAD" else str(request.method)  # a view does the same work for both
        parties = [address_party(request), *([f"sub:{self.visit.visitor}"] if self.visit.visitor else [])]
        spend(self.limits.get(method, ""), parties)

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
