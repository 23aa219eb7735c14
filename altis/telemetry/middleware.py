"""django-prometheus's middleware. Where somebody collects (see batching), what it counts of a request waits instead.

Of what is rare (a script's marked request, an exception, a template) it counts as ever, at once.
"""

import time
from typing import Any

from django.http import HttpRequest
from django_prometheus.middleware import PrometheusAfterMiddleware, PrometheusBeforeMiddleware

from altis.telemetry import requests
from altis.telemetry.batching import Batch

_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "OPTIONS", "CONNECT", "PATCH"))
_UNNAMED = "<unnamed view>"


class CountAll(PrometheusBeforeMiddleware):  # type: ignore[misc]  # the library has no types
    """Every request and how long it takes, other middleware included."""

    def __call__(self, request: HttpRequest) -> Any:
        """The reply, counted."""
        if not Batch.collecting:
            return super().__call__(request)
        requests.begun.append(None)
        started = time.perf_counter()
        response = self.get_response(request)
        requests.ended.append(time.perf_counter() - started)
        return response


class CountViews(PrometheusAfterMiddleware):  # type: ignore[misc]  # the library has no types
    """What views are asked and answer. Innermost."""

    def __call__(self, request: HttpRequest) -> Any:
        """The reply, counted."""
        if not Batch.collecting or request.method not in _METHODS or "HTTP_X_REQUESTED_WITH" in request.META:
            return super().__call__(request)
        sent: Any = request
        started = sent.prometheus_after_middleware_event = time.perf_counter()
        sent.altis_waits = True
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        if response.streaming:
            self.metrics.responses_streaming.inc()
        match = request.resolver_match
        requests.waiting.append(
            requests.Served(
                view=(match.view_name if match else None) or _UNNAMED,
                method=request.method,
                transport="https" if request.is_secure() else "http",
                status=response.status_code,
                seconds=seconds,
                body=_length(request.META.get("CONTENT_LENGTH")),
                reply=None if response.streaming else len(response.content),
                charset=str(response.charset),
                routed=match is not None,
                alone=False,
            )
        )
        return response

    def process_view(self, request: HttpRequest, view_func: Any, *view_args: Any, **view_kwargs: Any) -> None:
        """Count the view, unless that waits with the rest."""
        if not hasattr(request, "altis_waits"):
            super().process_view(request, view_func, *view_args, **view_kwargs)


def _length(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
