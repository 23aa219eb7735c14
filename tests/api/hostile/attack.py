"""One hostile request and the one reply it must get."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.api.matrix import signature_of
from tests.api.matrix_requests import PATHS, body_of, query_of

MARK = "h0st1le"  # stands in bad values; no reply may repeat it
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """What is sent, as whom, and what comes back. `code` is empty where the oddity is harmless and passes."""

    operation: str
    name: str
    status: int
    code: str
    pointer: str | None  # of the first fault, where one is named
    method: str
    target: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.operation}: {self.name}"


def attack(
    operation: str,
    name: str,
    status: int,
    code: str = "",
    *,
    body: Any = None,
    path: Mapping[str, str] | None = None,
    query: str | None = None,
    method: str = "",
    target: str = "",
    pointer: str | None = None,
    **headers: str | None,
) -> Attack:
    """An operation's harmless request with one thing wrong. A header that is None is left out, `_` in names is `-`."""
    verb, route = operation.split(" ")
    asked = query_of(operation) if query is None else query
    raw = body if isinstance(body, bytes) else valid(operation) if body is None else json.dumps(body).encode()
    sent = {"Content-Type": JSON} if verb == "POST" else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Attack(
        operation=operation,
        name=name,
        status=status,
        code=code,
        pointer=pointer,
        method=method or verb,
        target=target or route.format(**{**PATHS, **(path or {})}) + asked,
        body=raw,
        headers={
            key: value for key, value in {**signature_of(operation, raw), **sent, **named}.items() if value is not None
        },
    )


def valid(operation: str) -> bytes:
    """The body of the operation's harmless request."""
    return json.dumps(body_of(operation, {})).encode() if operation.startswith("POST") else b""
