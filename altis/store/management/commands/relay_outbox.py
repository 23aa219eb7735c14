"""The loop around the relay: one leader drains the outbox, the others wait; SIGTERM ends it after its batch."""

import gc
import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, connection

from altis.shared.errors import AltisError
from altis.store import relay
from altis.store.kafka import EventProducer
from altis.store.sessions import own_session

log = structlog.get_logger(__name__)
_MEASURE_SECONDS = 2.0
_RETRY_SECONDS = 0.5
_YOUNG_OBJECTS = 50_000


class Command(BaseCommand):
    """Publish the outbox to Kafka until told to stop."""

    help = "Publish the outbox to Kafka, in order per aggregate. Run as many as you like: one leads."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--once` publishes what is waiting and ends."""
        parser.add_argument("--once", action="store_true", help="publish what is waiting, then end")
        parser.add_argument("--idle", type=float, default=0.1, help="seconds to wait when nothing is waiting")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lead, drain, wait; whatever happens to the database session, begin again with another."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        gc.freeze()  # a batch is thousands of young objects and no cycles: nothing old is worth looking through again
        gc.set_threshold(_YOUNG_OBJECTS)
        loop = _Loop(stop, idle=options["idle"], once=options["once"])
        # Twice the producer's patience may pass between two statements of a healthy relay.
        with own_session(idle_seconds=3 * settings.ALTIS_KAFKA_TIMEOUT_SECONDS + 5):
            while not stop.is_set():
                try:
                    loop.turn()
                except (Error, AltisError) as error:
                    log.warning("relay interrupted; trying again", error=str(error)[:200])
                    connection.close()  # and with it the lock, if the session still has it
                    stop.wait(_RETRY_SECONDS)


class _Loop:
    """One turn after the other: lead, measure, drain, and wait as long as befits what came of it."""

    def __init__(self, stop: threading.Event, *, idle: float, once: bool) -> None:
        self._stop = stop
        self._idle = idle
        self._once = once
        self._producer = EventProducer(hurry=stop.is_set)
        self._measured_at = float("-inf")

    def turn(self) -> None:
        """Publish one batch if this relay leads; stops by itself when asked for one round only."""
        published = 0
        leads = relay.lead()
        if leads:
            self._measure()
            published = relay.drain(self._producer)
        if self._once and not published:
            self._stop.set()
        elif not leads:
            self._stop.wait(1)
        elif not published:
            self._stop.wait(max(self._idle, self._producer.pause))

    def _measure(self) -> None:
        if time.monotonic() - self._measured_at >= _MEASURE_SECONDS:
            self._measured_at = time.monotonic()
            relay.measure()
