"""What clients asked and what they heard: one JSON line per request, written before the next one is sent.

A line says enough to judge the engine without asking it anything. Times are of CLOCK_MONOTONIC, which all processes of
a machine share, so that requests of different customers can be put in order.
"""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import orjson

OK: Final = "ok"
FAIL: Final = "fail"
UNKNOWN: Final = "unknown"
_DONE: Final = frozenset({200, 201})
_OPEN: Final = 202
_FIRST_FAULT: Final = 500
# Refusals that say nothing about the request itself: it is to be sent again under its key.
_COME_AGAIN: Final = frozenset({"idempotency_in_progress", "busy", "invalid_token", "rate_limited"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `status` 0: no answer came, and `error` says how. `units` are the seats per `flight cabin`."""

    customer: str
    owner: str = ""
    op: str
    method: str
    path: str
    key: str = ""
    body: str = ""
    token: str = ""
    begun: float
    ended: float
    wall: float = 0.0
    status: int = 0
    code: str = ""
    media: str = ""
    sha: str = ""
    replayed: bool = False
    offer: str = ""
    order: str = ""
    state: str = ""
    version: int = 0
    total: str = ""
    units: dict[str, int] | None = None
    outcome: str = UNKNOWN
    error: str = ""


_NAMES: Final = frozenset(field.name for field in fields(Call))


def outcome_of(status: int, code: str) -> str:
    """`ok`: it was done. `fail`: it was refused and had no effect. `unknown`: either may be true, or will be."""
    if status in _DONE:
        return OK
    if status in {0, _OPEN} or status >= _FIRST_FAULT or code in _COME_AGAIN:
        return UNKNOWN
    return FAIL


class Writer:
    """Appends calls to a file; several threads may share it, and nothing waits in a buffer."""

    def __init__(self, file: Path) -> None:
        self._out = file.open("ab", buffering=0)
        self._lock = threading.Lock()

    def add(self, call: Call) -> None:
        """One line, whole and at once."""
        told = {name: value for name, value in asdict(call).items() if value not in ("", 0, None, False)}
        line = orjson.dumps(told) + b"\n"
        with self._lock:
            self._out.write(line)

    def close(self) -> None:
        """No more lines."""
        self._out.close()


def read(files: Iterable[Path]) -> list[Call]:
    """The calls of all files in the order in which they began. A last line that a kill cut short is left out."""
    calls = [call_of(line) for file in files for line in _lines(file)]
    return sorted(calls, key=lambda call: call.begun)


def call_of(line: bytes) -> Call:
    """A line as it was written; unknown names are left out, so that old histories stay readable."""
    told: dict[str, Any] = orjson.loads(line)
    return Call(**{name: value for name, value in told.items() if name in _NAMES})


def _lines(file: Path) -> Iterator[bytes]:
    if not file.exists():  # the customers never came to it
        return
    with file.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield line
