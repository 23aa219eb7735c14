"""`manage.py rotate_keys`: wrap every data key under the newest key of the ring, while everybody goes on."""

import sys
import time
from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from altis.privacy.services.rotate import BATCH, Ring, look_at_ring, rotate_keys

_PAUSE_BETWEEN_LINES = 5.0


class Command(BaseCommand):
    """Look at the ring, rotate, look again."""

    help = (
        "Wrap every person's data key under the newest key of ALTIS_KEK_RING, in batches, while serving. Interrupt it "
        "and run it again as you like, also twice at once. Exit code 1 when a data key is left under another key."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--check", action="store_true", help="only look, and tell by the exit code")
        only.add_argument("--dry-run", action="store_true", help="only look, and tell what would be done")
        parser.add_argument("--batch", type=int, default=BATCH, help=f"data keys per transaction ({BATCH})")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises SystemExit with 1 when a data key is not under the newest key."""
        ring = look_at_ring()
        if options["dry_run"]:
            self.stdout.write(f"{ring.waiting} data keys would be wrapped under {ring.newest}")
        elif not options["check"]:
            began = time.monotonic()
            rewrapped = self._rotate(ring, max(1, options["batch"]))
            self.stdout.write(f"{rewrapped} data keys wrapped under {ring.newest} in {time.monotonic() - began:.1f} s")
            ring = look_at_ring()
        self._tell(ring)
        if not ring.done and not options["dry_run"]:
            sys.exit(1)

    def _rotate(self, ring: Ring, batch: int) -> int:
        if not self.stdout.isatty():
            return rotate_keys(batch=batch, told=_Lines(self.stdout, ring.waiting))
        columns = (TextColumn("data keys"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(file=cast("IO[str]", self.stdout))) as progress:
            bar = progress.add_task("", total=ring.waiting)
            return rotate_keys(batch=batch, told=lambda done: progress.advance(bar, done))

    def _tell(self, ring: Ring) -> None:
        for kid, count in ring.counts.items():
            self.stdout.write(f"{kid}: {count} data keys{' (newest)' if kid == ring.newest else ''}")
        for kid, count in ring.strange.items():
            self.stderr.write(f"{kid}: {count} data keys, and it is not in the ring: they cannot be read")
        if ring.idle and ring.done:
            self.stdout.write(f"may leave the ring: {', '.join(ring.idle)}")


class _Lines:
    """Progress where there is no terminal: a line now and then."""

    def __init__(self, out: Any, total: int) -> None:
        self._out, self._total, self._done = out, total, 0
        self._next = time.monotonic() + _PAUSE_BETWEEN_LINES

    def __call__(self, done: int) -> None:
        self._done += done
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _PAUSE_BETWEEN_LINES
            self._out.write(f"{self._done} of {self._total}")
