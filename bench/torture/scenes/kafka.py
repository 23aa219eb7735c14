"""The broker goes away under load: for a minute, and for a while without its memory."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.torture.customers.load import Load
from bench.torture.quiesce import quiesce
from bench.torture.rig import Rig
from bench.torture.scenes import SceneResult
from bench.torture.scenes.projections import differences
from bench.torture.watcher import Watcher

AWAY_SECONDS, EMPTY_SECONDS = 60.0, 20.0
DRAIN_SECONDS = 10.0
_LOAD_SECONDS = 10.0
_PATIENCE_SECONDS = 90.0  # the consumer reads the outbox at least once a minute
_NEWEST = "SELECT coalesce(max(position), 0) FROM store_outboxevent"
_WAITING = "SELECT count(*) FROM store_outboxevent WHERE published_at IS NULL AND position <= %s"
_ROWS = "SELECT position, topic, subject, sequence, id FROM store_outboxevent"
_UNPUBLISHED = f"{_ROWS} WHERE published_at IS NULL"
Rows = list[tuple[Any, ...]]


def away(rig: Rig) -> SceneResult:
    """A frozen broker for 60 s under load: no event is lost or out of order, and all are through 10 s later."""
    since = _count(rig, _NEWEST)
    with _watched(rig) as watcher:
        with _customers(rig):
            rig.run_for(_LOAD_SECONDS)
            rig.freeze("broker")
            rig.run_for(AWAY_SECONDS)
            newest = _count(rig, _NEWEST)
            waiting = _count(rig, _WAITING, newest)
            rig.thaw("broker")
            drained = _seconds_until_published(rig, newest)
        quiesce(rig, say=_quietly)
        rows = _rows(rig, _ROWS)
        violations = watcher.check(rows, since=since)
        lost = watcher.lost_with_broker
        figures = {**watcher.figures(), "seconds away": AWAY_SECONDS, "waiting": waiting, "seconds to drain": drained}
    in_time = drained is not None and drained <= DRAIN_SECONDS
    return SceneResult(
        name="kafka away",
        passed=bool(waiting) and in_time and not violations and not lost,
        figures=figures,
        notes=violations[:10],
    )


def back_empty(rig: Rig) -> SceneResult:
    """A broker killed under load that comes back without its memory.

    Every event that it had not confirmed arrives, in order, and the projections fill their gap from the outbox.
    """
    since = _count(rig, _NEWEST)
    with _watched(rig) as watcher:
        with _customers(rig):
            rig.run_for(_LOAD_SECONDS)
            rig.hold("broker")
            rig.run_for(EMPTY_SECONDS)
            owed = _rows(rig, _UNPUBLISHED)
            rig.release("broker")
            drained = _seconds_until_published(rig, _count(rig, _NEWEST))
            rig.run_for(_LOAD_SECONDS)
        quiesce(rig, say=_quietly)
        violations = watcher.check(_rows(rig, _ROWS), since=since)
        missing = watcher.unseen(owed)
        seen = watcher.figures()
    began = time.monotonic()
    rig.wait_for(lambda: not differences(rig.database_url), _PATIENCE_SECONDS)
    wrong = differences(rig.database_url)
    return SceneResult(
        name="kafka back empty",
        passed=bool(owed) and drained is not None and not violations and not missing and not wrong,
        figures={
            **seen,
            "unconfirmed when it came back": len(owed),
            "of those never arrived": len(missing),
            "seconds to drain": drained,
            "seconds until projections equal the outbox": None if wrong else round(time.monotonic() - began, 1),
        },
        notes=violations[:10] + wrong[:10],
    )


@contextmanager
def _watched(rig: Rig) -> Iterator[Watcher]:
    watcher = Watcher(rig.kafka)
    try:
        yield watcher
    finally:
        watcher.stop()


@contextmanager
def _customers(rig: Rig) -> Iterator[None]:
    folder = rig.folder / f"load-{time.monotonic_ns()}"
    load = Load(rig.api_url, folder, rig.seed, database_url=rig.database_url)
    try:
        load.start(rig.tick)
        yield
    finally:
        load.stop(rig.tick)


def _seconds_until_published(rig: Rig, newest: int) -> float | None:
    began = time.monotonic()
    if rig.wait_for(lambda: _count(rig, _WAITING, newest) == 0, _PATIENCE_SECONDS):
        return round(time.monotonic() - began, 2)
    return None


def _count(rig: Rig, query: str, *values: Any) -> int:
    with psycopg.connect(rig.database_url) as connection:
        row = connection.execute(query, values).fetchone()
    return int(row[0]) if row else 0


def _rows(rig: Rig, query: str) -> Rows:
    with psycopg.connect(rig.database_url) as connection:
        return connection.execute(query).fetchall()


def _quietly(_line: str) -> None:
    """The scene's figures say it."""
