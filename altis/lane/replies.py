"""Answering: headers, body, the line of the log and the metrics of one request."""

import time
from typing import Any

from structlog.contextvars import bound_contextvars

from altis.api.problems import problem_of
from altis.api.throttling import Verdict
from altis.lane.operation import Operation
from altis.lane.reading import Asked
from altis.shared.errors import AltisError
from altis.telemetry import access, requests


class Answer:
    """One request being answered."""

    __slots__ = ("_asked", "_operation", "_protocol", "_started")

    def __init__(self, operation: Operation, asked: Asked, protocol: Any, started: float) -> None:
        """`started` is of time.perf_counter()."""
        self._operation, self._asked, self._protocol, self._started = operation, asked, protocol, started

    @property
    def length(self) -> int:
        """Of the request's body, in bytes."""
        return self._asked.length

    def give(self, body: bytes, verdict: Verdict | None) -> None:
        """200."""
        headers = [*self._asked.head.headers, ("X-Request-ID", self._asked.request_id)]
        if verdict is not None:
            headers.extend(verdict.headers().items())
        self._protocol.response_bytes(200, headers, body)
        self._note(200, len(body))

    def refuse(self, error: AltisError, verdict: Verdict | None) -> None:
        """The problem document that Django's side would give."""
        asked = self._asked
        with bound_contextvars(request_id=asked.request_id):
            problem = problem_of(error)
        headers = dict(asked.head.headers) | dict(problem.items()) | {"X-Request-ID": asked.request_id}
        if verdict is not None:
            headers |= verdict.headers()
        self._protocol.response_bytes(problem.status_code, list(headers.items()), problem.content)
        self._note(problem.status_code, len(problem.content))

    def _note(self, status: int, size: int) -> None:
        operation, asked = self._operation, self._asked
        seconds = time.perf_counter() - self._started
        access.note(
            method=operation.method,
            route=operation.route,
            status=status,
            seconds=seconds,
            request_id=asked.logged_id,
            traceparent=asked.traceparent,
        )
        served = requests.Served(
            operation.view_name, operation.method, asked.head.transport, status, seconds, asked.length, size
        )
        requests.waiting.append(served)
