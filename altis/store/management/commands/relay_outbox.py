"""The loop around the relay: one leader drains the outbox, the others wait; SIGTERM ends it after its batch."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from altis.store import relay
from altis.store.kafka import EventProducer

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Publish the outbox to Kafka until told to stop."""

    help = "Publish the outbox to Kafka, in order per aggregate. Run as many as you like: one leads."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--once` publishes what is waiting and ends."""
        parser.add_argument("--once", action="store_true", help="publish what is waiting, then end")
        parser.add_argument("--idle", type=float, default=0.1, help="seconds to wait when nothing is waiting")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lead, drain, wait; a lost database session means leading again."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        producer = EventProducer()
        while not stop.is_set():
            try:
                done = self._run(producer, stop, idle=options["idle"], once=options["once"])
            except OperationalError:
                log.warning("database away; trying again")
                connection.close()
                stop.wait(1)
                continue
            if done:
                return

    def _run(self, producer: EventProducer, stop: threading.Event, *, idle: float, once: bool) -> bool:
        while not relay.lead():
            if once or stop.wait(1):
                return True
        while not stop.is_set():
            published = relay.drain(producer)
            if not published:
                if once:
                    return True
                stop.wait(idle)
        return True
