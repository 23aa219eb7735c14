"""`manage.py consume_events`: events become figures; SIGTERM ends it after its batch."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from altis.insight.services.follow import Follower
from altis.insight.services.rebuild import rebuild_from_outbox, rebuild_from_topics
from altis.store.kafka_consumer import BrokerAway

_REBUILDS = {"outbox": rebuild_from_outbox, "topics": rebuild_from_topics}


class Command(BaseCommand):
    """Project events from Kafka until told to stop."""

    help = "Project events into daily sales, loads and rates. Run as many as you like: they share the work."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--once` and `--rebuild` end by themselves."""
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--once", action="store_true", help="project what is there, then end")
        how.add_argument("--rebuild", choices=sorted(_REBUILDS), help="empty the projections, read it all again, end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Follow, or do one of the two once; raises CommandError when a rebuild finds no broker."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if options["rebuild"]:
            try:
                self.stdout.write(f"{_REBUILDS[options['rebuild']](stopped=stop.is_set)} events")
            except BrokerAway as error:
                raise CommandError(f"no broker: {error}") from error
        elif options["once"]:
            self.stdout.write(f"{Follower(stop).run_once()} new events")
        else:
            Follower(stop).run()
