"""What goes over the wire while a block runs: statements and round trips to PostgreSQL and to Redis, none left out.

PostgreSQL's are read from libpq's own trace of the protocol, so statements that travel together are counted one by one
and as one round trip; each `ReadyForQuery` of the server ends one.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.db import connection
from psycopg.pq import Trace
from redis.connection import AbstractConnection

_SENT = re.compile(r"^F\s+\d+\s+(Query|Parse|Bind|Execute)\b(.*)$", re.MULTILINE)
_ANSWERED = re.compile(r"^B\s+\d+\s+ReadyForQuery", re.MULTILINE)
_QUOTED = re.compile(r'"((?:[^"]|"(?!\s|$))*)"', re.DOTALL)


@dataclass
class Wire:
    """The traffic of one block. Round trips to PostgreSQL and Redis, and what was executed there, in order."""

    round_trips: int = 0
    statements: list[str] = field(default_factory=list)
    redis_trips: int = 0

    @property
    def trips(self) -> int:
        """Round trips to either server."""
        return self.round_trips + self.redis_trips


@contextmanager
def listening() -> Iterator[Wire]:
    """Record this thread's connection to PostgreSQL and every connection to Redis."""
    wire = Wire()
    connection.ensure_connection()
    send: Any = AbstractConnection.send_packed_command

    def counted(self: Any, *args: Any, **named: Any) -> Any:
        wire.redis_trips += 1
        return send(self, *args, **named)

    with tempfile.TemporaryFile("w+b") as trace, patch.object(AbstractConnection, "send_packed_command", counted):
        session = connection.connection.pgconn
        session.trace(trace.fileno())
        session.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield wire
        finally:
            session.untrace()
        trace.seek(0)
        text = trace.read().decode("utf-8", "replace")
    wire.round_trips = len(_ANSWERED.findall(text))
    wire.statements = [_words(kind, rest) for kind, rest in _SENT.findall(text) if kind in ("Query", "Bind")]


def _words(kind: str, rest: str) -> str:
    """The SQL of a simple query, the name of a prepared one."""
    quoted = _QUOTED.findall(rest)
    return quoted[0] if quoted and kind == "Query" else rest.strip()[:60]
