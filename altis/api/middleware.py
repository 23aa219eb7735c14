"""The outermost middleware: names each request, refuses the unreadable, logs one line, and keeps /v1 free of HTML."""

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from http import HTTPStatus

import orjson
import structlog
from corsheaders.middleware import CorsMiddleware
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, reset_contextvars

from altis.api import headers
from altis.api.guard import is_api, refusal_of, rename_odd_method, request_id_of, traceparent_of
from altis.api.problems import CHALLENGE, problem
from altis.api.rendering import PROBLEM
from altis.telemetry import access
from altis.telemetry.batching import Batch
from altis.telemetry.scrubbing import scrub

log = structlog.get_logger("altis.access")
_MOST_DRAINED = 1024 * 1024
_CHUNK = 64 * 1024
# Refusals that Django itself made, in HTML, before or after a view of ours.
_CODES: Mapping[int, tuple[str, str]] = {
    400: ("malformed_request", "The request cannot be read."),
    401: ("invalid_token", "A valid bearer token is required."),
    403: ("forbidden", "This token may not do that."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This path does not take that method."),
    413: ("payload_too_large", "The body is larger than this operation takes."),
    500: ("internal_error", "Something broke on our side. It was logged under this request_id."),
    503: ("unavailable", "A service that this needs is not available. Try again shortly."),
}


class RequestGuard:
    """Stands before every other middleware and sees every reply last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._cross_origin = CorsMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The reply, with the request's id in it, in the log and in every log line between."""
        started = time.perf_counter()
        rename_odd_method(request)
        request_id = request_id_of(request)
        names = {"request_id": request_id}
        traceparent = traceparent_of(request)
        if traceparent:
            names["traceparent"] = traceparent
        before = bind_contextvars(**names)
        try:
            response = self._refusal(request) or self._get_response(request)
            if is_api(request):
                response = _as_problem(response)
                _drain(request, response)
            response["X-Request-ID"] = request_id
            headers.complete(response)
            _log(request, response, started, names)
        finally:
            reset_contextvars(**before)
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        """What the guard refuses; a page of another origin may read why."""
        refused = refusal_of(request)
        if refused is not None:
            self._cross_origin.add_response_headers(request, refused)
        return refused


def _drain(request: HttpRequest, response: HttpResponse) -> None:
    """Read what a refused caller still sends: left unread, it would break their next request on this connection."""
    if response.status_code < HTTPStatus.BAD_REQUEST or hasattr(request, "_body"):
        return
    left = _MOST_DRAINED
    try:
        while left > 0 and (chunk := request.read(min(left, _CHUNK))):
            left -= len(chunk)
    except OSError:
        left = 0
    if left <= 0:
        response["Connection"] = "close"


def _as_problem(response: HttpResponse) -> HttpResponse:
    if response.status_code < HTTPStatus.BAD_REQUEST or response.get("Content-Type", "").startswith(PROBLEM):
        return response
    code, detail = _CODES.get(response.status_code) or _CODES[response.status_code // 100 * 100]
    # In place: headers such as Allow stay, and so do the handler's own marks on the response.
    response.content = problem(response.status_code, code, detail).content
    response["Content-Type"] = PROBLEM
    response["Content-Length"] = str(len(response.content))
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = CHALLENGE
    return response


def _log(request: HttpRequest, response: HttpResponse, started: float, names: Mapping[str, str]) -> None:
    """No query string and no path: the route stands for it, so that no id or name of a person gets here."""
    match = request.resolver_match
    route = match.route if match else ""
    seconds = time.perf_counter() - started
    if Batch.collecting:
        access.note(
            method=str(request.method),
            route=_in_quotes(route),
            status=response.status_code,
            seconds=seconds,
            request_id=scrub(names["request_id"]),
            traceparent=scrub(names.get("traceparent", "")),
        )
        return
    log.info("request", method=request.method, route=route, status=response.status_code, ms=round(seconds * 1000, 1))


@lru_cache(maxsize=256)
def _in_quotes(text: str) -> str:
    return orjson.dumps(text).decode()[1:-1]
