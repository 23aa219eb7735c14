"""`manage.py index_people`: orders from before there were blind indexes are found by name and address too."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from orders.services.index_people import BATCH, index_people, waiting

_PAUSE_BETWEEN_LINES = 5.0


class Command(BaseCommand):
    """Count, write, count again."""

    help = (
        "Write the blind indexes of family names and contact addresses that orders from an earlier release lack, in "
        "batches, while serving. Interrupt it and run it again as you like. Exit code 1 when some are left."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Two options."""
        parser.add_argument("--check", action="store_true", help="only look, and tell by the exit code")
        parser.add_argument("--batch", type=int, default=BATCH, help=f"rows per transaction ({BATCH})")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises SystemExit with 1 when a row is left that could have an index."""
        self._next, self._done = time.monotonic() + _PAUSE_BETWEEN_LINES, 0
        if not options["check"]:
            began = time.monotonic()
            written = index_people(batch=max(1, options["batch"]), told=self._tell)
            self.stdout.write(f"{written} indexes written in {time.monotonic() - began:.1f} s")
        left = waiting()
        self.stdout.write(f"{left} rows are without an index")
        if left:
            sys.exit(1)

    def _tell(self, written: int) -> None:
        self._done += written
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _PAUSE_BETWEEN_LINES
            self.stdout.write(f"{self._done} so far")
