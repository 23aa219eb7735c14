"""Calls that start at the same instant, each on a database connection and a clock of its own."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from altis.shared.errors import AltisError

_JOIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Runner:
    """One call: `ahead` is how far its database clock is ahead, `after` how long it waits when all others start."""

    call: Callable[[], Any]
    ahead: float = 0.0
    after: float = 0.0


def set_clock(seconds: float) -> None:
    """This thread's connection reads the database's clock so many seconds ahead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('altis.clock_offset', %s, false)", [f"{seconds} seconds"])


def race(runners: Sequence[Runner], *, connect_first: bool = True) -> list[Any]:
    """What each call returned, or the code of our refusal; another exception is raised here.

    Connections are made before the start, so that the start is exact. Not for more runners than the pool has
    connections: those start first (`connect_first=False`) and queue for one.
    """
    barrier, results = threading.Barrier(len(runners), timeout=30), [None] * len(runners)
    broken: list[BaseException] = []

    def run(index: int, runner: Runner) -> None:
        try:
            if connect_first:
                set_clock(runner.ahead)
            barrier.wait()
            if not connect_first:
                set_clock(runner.ahead)
            time.sleep(runner.after)
            results[index] = _told(runner.call)
        except BaseException as error:
            broken.append(error)
            barrier.abort()
        finally:
            set_clock(0)  # the pool gives this connection to others
            connection.close()

    _run([threading.Thread(target=run, args=item, daemon=True) for item in enumerate(runners)])
    if broken:
        raise broken[0]
    return results


def _told(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except AltisError as refused:
        return refused.code


def _run(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_JOIN_SECONDS)
        assert not thread.is_alive(), "a runner hangs"
