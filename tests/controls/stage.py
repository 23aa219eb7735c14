"""Putting two calls into the one order in which a bug shows: one stops at a failpoint while another goes past it."""

import json
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connection, connections

from altis.shared.errors import AltisError
from tests.payments.simulators import wait_until
from tests.races.threads import set_clock

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


class Stage:
    """Calls in threads of their own, each on a database connection of its own."""

    def __init__(self, folder: Path, settings: Any, pool: ThreadPoolExecutor) -> None:
        self._folder, self._settings, self._pool = folder, settings, pool
        self._armed = 0
        self._orders = folder / "failpoints-0.json"

    def arm(self, point: str, do: str) -> None:
        """Let the first call that comes to this failpoint `hang` there, or `raise`."""
        self._armed += 1
        self._orders = self._folder / f"failpoints-{self._armed}.json"
        self._orders.write_text(json.dumps({"points": {point: {"do": do, "most": 1}}}), encoding="utf-8")
        self._settings.ALTIS_FAILPOINTS_FILE = str(self._orders)

    def stopped(self, point: str, call: Callable[[], Any], *, ahead: float = 0.0) -> "Future[Any]":
        """Begin the call and return once it stands still at the failpoint."""
        self.arm(point, "hang")
        running = self.begun(call, ahead=ahead)
        struck = self._orders.with_name(f"{self._orders.name}.struck")
        wait_until(lambda: struck.exists() or running.done())
        assert struck.exists(), running.result()
        return running

    def begun(self, call: Callable[[], Any], *, ahead: float = 0.0) -> "Future[Any]":
        """Begin the call; its database clock is `ahead` by so many seconds."""
        return self._pool.submit(_told, call, ahead)

    def as_far_as_it_gets(self, call: Callable[[], Any]) -> "Future[Any]":
        """Begin the call and return once it is done, or waits for a lock that the stopped one has."""
        running = self.begun(call)
        wait_until(lambda: running.done() or _somebody_waits())
        return running

    def go_on(self) -> None:
        """Let whoever stands still go on."""
        self._orders.write_text("{}", encoding="utf-8")


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        return bool(cursor.execute(_WAITING).fetchone()[0])


def _told(call: Callable[[], Any], ahead: float) -> Any:
    """What the call returned, or the code of our refusal."""
    try:
        set_clock(ahead)
        return call()
    except AltisError as refused:
        return refused.code
    finally:
        set_clock(0)  # the pool gives this connection to others
        connections.close_all()
