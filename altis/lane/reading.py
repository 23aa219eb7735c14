"""What of a request the lane has to know. A request with anything unusual about it is left to Django."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from altis.api.addresses import address_from, network_of
from altis.api.guard import is_request_id, traceparent_from
from altis.lane.bridge import peer_of
from altis.lane.operation import Head, Operation
from altis.shared.ids import new_id
from altis.telemetry.scrubbing import scrub

MOST_HEADERS, MOST_HEADER_BYTES = 40, 8 * 1024
MOST_BODY_BYTES = 8 * 1024
_TOKEN_AT = len("Bearer ")
_ACCEPTED = frozenset(("*/*", "application/json", "application/json, */*", "application/json, text/plain, */*"))
_JSON = frozenset(
    ("application/json", "application/json; charset=utf-8", "application/json;charset=utf-8",
     "application/json; charset=UTF-8", "application/json;charset=UTF-8")
)  # fmt: skip
# Whatever changes how the others, or the body, are to be read, or what is in the reply.
_UNUSUAL = frozenset(("content-encoding", "transfer-encoding", "expect", "upgrade", "x-requested-with", "cookie"))


class Asked(NamedTuple):
    """A plain request. `given_id` as it may be logged; `network` is what a limit is counted on; `length` in bytes."""

    head: Head
    token: str
    request_id: str
    logged_id: str
    traceparent: str
    network: str
    length: int


def read(operation: Operation, scope: Any) -> Asked | None:
    """The request, or None when Django shall answer it."""
    given = scope.headers
    pairs = given.items()
    headers: dict[str, str] = dict(pairs)
    # Fewer names than values: something stands twice. Fewer than the server has seen: something is not ASCII.
    if len(pairs) != len(headers) or len(given) != len(headers) or len(pairs) > MOST_HEADERS:
        return None
    if not _UNUSUAL.isdisjoint(headers) or sum(map(len, headers.values())) > MOST_HEADER_BYTES:
        return None
    bearer = headers.get("authorization", "")
    token = bearer[_TOKEN_AT:]
    if bearer[:_TOKEN_AT] not in ("Bearer ", "bearer ") or " " in token:
        return None
    length = _length(headers.get("content-length", "0"))
    if length is None or not _fits(operation, length, headers):
        return None
    head = operation.head(
        headers.get("host", ""), scope.scheme, headers.get("x-forwarded-proto", ""), headers.get("origin", "")
    )
    ids = _ids(headers)
    if head is None or ids is None or headers.get("accept", "*/*") not in _ACCEPTED:
        return None
    network = _network(peer_of(scope), headers.get("x-forwarded-for", ""))
    return Asked(head, token, *ids, network, length)


@lru_cache(maxsize=1024)
def _length(text: str) -> int | None:
    """How long the body is; None where that is not said plainly."""
    plain = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_BODY_BYTES))
    return int(text) if plain else None


def _fits(operation: Operation, length: int, headers: Mapping[str, str]) -> bool:
    """Whether the operation takes such a body."""
    if operation.method == "GET":
        return length == 0
    return 0 < length <= MOST_BODY_BYTES and headers.get("content-type") in _JSON


def _ids(headers: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Request id, the same as it may be logged, and traceparent; None when the id is refused."""
    given, trace = headers.get("x-request-id"), headers.get("traceparent")
    traceparent = scrub(traceparent_from(trace)) if trace else ""
    if given is None:
        made = new_id("req")
        return made, made, traceparent
    # One that is malformed is replaced, one that is a card's number is refused: Django does both.
    return (given, scrub(given), traceparent) if is_request_id(given) else None


@lru_cache(maxsize=8192)
def _network(peer: str, forwarded: str) -> str:
    return f"ip:{network_of(address_from(peer, forwarded))}"
