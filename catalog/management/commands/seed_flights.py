"""`manage.py seed_flights`: a season of flights to sell."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from altis.shared.clock import now
from altis.shared.errors import Invalid
from catalog.management.progress import progress
from catalog.services.seeding import seed_flights, seed_reference

_MOST = 9999


class Command(BaseCommand):
    """Adds what is missing and changes nothing that exists."""

    help = (
        "Adds airports, aircraft, products, bundles and dated flights. Safe to run again: changes nothing that exists."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=_count, default=60, help="days from the start (default 60)")
        parser.add_argument("--routes", type=_count, default=40, help="daily flight numbers (default 40)")
        parser.add_argument("--seed", type=int, default=1, help="same seed, same timetable (default 1)")
        parser.add_argument("--start", type=date.fromisoformat, default=None, help="first day (default today, UTC)")

    def handle(self, *, days: int, routes: int, seed: int, start: date | None, **options: Any) -> None:
        reference = seed_reference()
        self.stdout.write(
            f"airports +{reference.airports}, aircraft +{reference.aircraft}, "
            f"products +{reference.products}, bundles +{reference.bundles}"
        )
        first = start or now().date()
        try:
            with progress(self.stdout, title="flights", total=days * routes) as advance:
                seeded = seed_flights(days=days, routes=routes, seed=seed, start=first, progress=advance)
        except Invalid as error:
            raise CommandError(error.detail) from error
        self.stdout.write(
            f"schedules +{seeded.schedules}, flights +{seeded.flights}, inventories +{seeded.inventories}; "
            f"{seeded.season - seeded.flights} of {seeded.season} flights from {first} were already there"
        )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST:
        raise ArgumentTypeError(f"a whole number from 1 to {_MOST}")
    return int(text)
