"""What a request must be before anything routes it: sizes, encodings, and the identifiers it carries."""

import re
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from altis.api.cards import CardNumberRefused, query_has_card
from altis.api.errors import payload_too_large, unsupported_media_type
from altis.api.problems import problem, problem_of
from altis.shared.cards import is_card_as_header
from altis.shared.ids import new_id

MAX_URL_BYTES = 8 * 1024
MAX_HEADER_BYTES = 16 * 1024
_MOST_DIGITS = 18  # of a Content-Length that is worth reading
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"))
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
# Django has decoded the path already and put bytes that are no UTF-8 back as `%FF`.
_BROKEN = re.compile(rb"%[89A-F][0-9A-F]")


def is_api(request: HttpRequest) -> bool:
    """Whether every reply to this path must be JSON."""
    return request.path_info == "/v1" or request.path_info.startswith("/v1/")


def rename_odd_method(request: HttpRequest) -> None:
    """Call a method that HTTP does not have OTHER: logs and metrics keep the name, and it may be anybody's."""
    if request.method not in _METHODS:
        request.method = "OTHER"


def request_id_of(request: HttpRequest) -> str:
    """The caller's X-Request-ID when it is well formed, else a new one."""
    given = str(request.META.get("HTTP_X_REQUEST_ID", ""))
    return given if is_request_id(given) else new_id("req")


def is_request_id(given: str) -> bool:
    """Whether an X-Request-ID may stand in the log and in the reply."""
    return _REQUEST_ID.fullmatch(given) is not None and not is_card_as_header(given)


def traceparent_of(request: HttpRequest) -> str:
    """The caller's W3C traceparent when it is valid, else an empty string."""
    return traceparent_from(str(request.META.get("HTTP_TRACEPARENT", "")))


def traceparent_from(given: str) -> str:
    """The text, when it is a valid W3C traceparent, else an empty string."""
    match = _TRACEPARENT.fullmatch(given)
    if match is None or given.startswith("ff") or not int(match[1], 16) or not int(match[2], 16):
        return ""
    return given


def refusal_of(request: HttpRequest) -> HttpResponse | None:
    """The refusal of a request that is too large or not readable, before it is routed; None when it may pass."""
    refused = _refusal(request)
    if refused is None or is_api(request):
        return refused
    return HttpResponse(status=refused.status_code, content_type="text/plain")


def _refusal(request: HttpRequest) -> HttpResponse | None:
    path = request.path_info.encode("utf-8", "surrogatepass")
    # WSGI hands the bytes of a query over as Latin-1 text.
    query = str(request.META.get("QUERY_STRING", "")).encode("latin-1", "replace")
    if len(path) + len(query) > MAX_URL_BYTES:
        return problem(414, "uri_too_long", "The URL is longer than 8 KB.")
    if _header_bytes(request) > MAX_HEADER_BYTES:
        return problem(431, "headers_too_large", "The headers are larger than 16 KB.")
    if _BROKEN.search(path) or not (_readable(path) and _readable(unquote_to_bytes(query))):
        return problem(400, "malformed_request", "The URL contains characters that are not allowed.")
    # This one is written to the log and sent back.
    if is_card_as_header(str(request.META.get("HTTP_X_REQUEST_ID", ""))):
        return problem(400, "malformed_request", "An X-Request-ID is no card number.")
    return _api_refusal(request, query.decode("utf-8", "replace")) if is_api(request) else None


def _api_refusal(request: HttpRequest, query: str) -> HttpResponse | None:
    if query and query_has_card(query):
        return problem_of(CardNumberRefused())
    return _body_refusal(request)


def _body_refusal(request: HttpRequest) -> HttpResponse | None:
    if str(request.META.get("HTTP_CONTENT_ENCODING", "identity")).strip().lower() not in ("identity", ""):
        return unsupported_media_type()
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if not length:
        if request.META.get("HTTP_TRANSFER_ENCODING"):
            return problem(400, "malformed_request", "Send a Content-Length.")
        return None
    if not (length.isascii() and length.isdigit()):
        return problem(400, "malformed_request", "The Content-Length is not a number.")
    too_large = len(length) > _MOST_DIGITS or int(length) > settings.ALTIS_MAX_BODY_BYTES
    return payload_too_large() if too_large else None


def _header_bytes(request: HttpRequest) -> int:
    # Each header also costs its separators: ": " and a line end.
    return sum(len(name) + len(str(value)) for name, value in request.META.items() if name.startswith("HTTP_"))


def _readable(raw: bytes) -> bool:
    if _CONTROL.search(raw):
        return False
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
