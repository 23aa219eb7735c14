"""Access lines by the batch: the same lines that structlog would write, put together without it and written at once."""

import logging
import time
from collections import deque
from datetime import UTC, datetime
from functools import lru_cache

from altis.telemetry.batching import taken

LOGGER = "altis.access"
_access = logging.getLogger(LOGGER)
_waiting: deque[str] = deque()


def note(*, method: str, route: str, status: int, seconds: float, request_id: str, traceparent: str) -> None:
    """Remember one line; `flush` writes it. Nothing, when the level of the log says so.

    The two ids come from callers: they have no quotes, and are scrubbed.
    """
    if _access.isEnabledFor(logging.INFO):
        trace = f',"traceparent":"{traceparent}"' if traceparent else ""
        nanoseconds = time.time_ns()
        _waiting.append(
            f'{{"method":"{method}","route":"{route}","status":{status},"ms":{seconds * 1000:.1f},"event":"request"'
            f',"request_id":"{request_id}"{trace},"level":"info","logger":"{LOGGER}"'
            f',"timestamp":"{_second(nanoseconds // 1_000_000_000)}.{nanoseconds // 1000 % 1_000_000:06d}Z"}}\n'
        )


def flush() -> None:
    """Write what waits, as one piece, to where the root logger's lines go."""
    lines = taken(_waiting)
    if not lines:
        return
    text = "".join(lines)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.acquire()
            try:
                handler.stream.write(text)
                handler.flush()
            finally:
                handler.release()


@lru_cache(maxsize=4)
def _second(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S")
