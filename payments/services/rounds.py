"""Rounds of a job over rows: how long each is put off when it is taken, and working through those that were."""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, TypeVar

import structlog

log = structlog.get_logger(__name__)
R = TypeVar("R", bound=Any)

# A gateway that answers nothing costs 10 s a call: without an end, one round would keep a worker for minutes.
_LONGEST_SECONDS = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 5, 300


def pause_after(tries: int) -> timedelta:
    """How long a row that was tried so often is left alone: 5 s, twice as long each time, at most 5 minutes."""
    return timedelta(seconds=min(_FIRST_PAUSE * 2 ** min(tries, 10), _LONGEST_PAUSE))


def decided(rows: Iterable[R], work: Callable[[R], bool]) -> int:
    """How many rows the work has decided; a row that breaks is logged and the others go on.

    What is not reached in time, like what broke, is due again after its pause.
    """
    ends_at, count = time.monotonic() + _LONGEST_SECONDS, 0
    for row in rows:
        if time.monotonic() >= ends_at:
            log.warning("round cut short", next=row.pk)
            break
        try:
            count += work(row)
        except Exception:
            log.exception("a row broke its job", row=row.pk)
    return count
