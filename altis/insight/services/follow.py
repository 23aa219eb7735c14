"""The consumer's loop: read a batch, project it, commit its offsets; and look at the outbox now and then.

Several may run: the group shares the partitions among them, the inbox keeps them from counting twice.
"""

import resource
import time
from collections.abc import Sequence
from threading import Event

import structlog
from django.db import InterfaceError, OperationalError, connections

from altis.insight.services.catch_up import PERIOD, catch_up
from altis.insight.services.project import project_records
from altis.store.kafka_consumer import EventConsumer, Record

log = structlog.get_logger(__name__)
GROUP = "altis-insight"
_BATCH = 500
_WAIT_SECONDS = 0.5
_PAUSE_SECONDS = 1.0  # while the database is away
_REST_SECONDS = 5.0  # between two looks at the outbox, whatever asks for one
_QUIET_SECONDS = 2.0  # after which a topic counts as read
_PATIENCE_SECONDS = 10.0  # with a group that has not given out its partitions
_AWAY = (OperationalError, InterfaceError)


class Follower:
    """One member of the group."""

    def __init__(self, stop: Event, *, consumer: EventConsumer | None = None) -> None:
        self._stop = stop
        self._consumer = consumer or EventConsumer(group=GROUP)
        self._look_at_once = True
        self._next_look = 0.0
        self._next_report = 0.0
        self._events = 0

    def run(self) -> None:
        """Follow the topics until `stop` is set, then end after the batch at hand.

        While the database is away it waits; while the broker is away it goes on looking at the outbox.
        """
        try:
            while not self._stop.is_set():
                try:
                    self._look()
                except _AWAY as error:
                    self._wait_for_database(error)
                    continue
                self._take(self._consumer.read(_BATCH, _WAIT_SECONDS))
                self._report()
        finally:
            self._consumer.close()

    def run_once(self) -> int:
        """Project what is there, in the outbox and in the topics; returns how many events were new.

        Ends without the topics when no broker gives out partitions; raises OperationalError when the database is away.
        """
        last = time.monotonic()
        try:
            self._look()
            while not self._stop.is_set():
                if records := self._consumer.read(_BATCH, _WAIT_SECONDS):
                    self._project(records)
                    last = time.monotonic()
                patience = _QUIET_SECONDS if self._consumer.assigned else _PATIENCE_SECONDS
                if time.monotonic() - last > patience:
                    break
            if self._look_at_once:
                self._look(rested=True)
        finally:
            self._consumer.close()
        return self._events

    def _take(self, records: Sequence[Record]) -> None:
        """Project a batch, however long the database stays away; without it the offsets are not committed."""
        while records and not self._stop.is_set():
            try:
                self._project(records)
            except _AWAY as error:
                self._wait_for_database(error)
            else:
                return

    def _project(self, records: Sequence[Record]) -> None:
        done = project_records(records)
        self._consumer.commit(records)
        self._events += done.applied
        self._look_at_once = self._look_at_once or done.gaps > 0

    def _look(self, *, rested: bool = False) -> None:
        if self._consumer.disturbed:
            self._consumer.disturbed, self._look_at_once = False, True
        present = time.monotonic()
        if present < self._next_look and not rested:
            return
        at_once, self._look_at_once = self._look_at_once, False
        try:
            self._events += catch_up(at_once=at_once, stopped=self._stop.is_set).applied
        except _AWAY:
            self._look_at_once = at_once
            raise
        self._next_look = present + _REST_SECONDS

    def _wait_for_database(self, error: Exception) -> None:
        log.warning("database away; trying again", error=type(error).__name__)
        connections.close_all()
        self._stop.wait(_PAUSE_SECONDS)

    def _report(self) -> None:
        """Once a minute: how much was done, and how large this process has grown."""
        present = time.monotonic()
        if present >= self._next_report:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            log.info("following", events=self._events, peak_rss_mb=peak)
            self._next_report = present + PERIOD.total_seconds()
