"""`manage.py set_capacity`: how many units a cabin of some flights can sell."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from altis.shared.actors import system
from altis.shared.errors import AltisError
from catalog.models import Cabin
from catalog.selectors import cabin_inventory
from catalog.services.capacity import set_capacity


class Command(BaseCommand):
    """One transaction: all the flights, or none."""

    help = "Set the capacity of a cabin on one or more flights. Refuses less than is held and sold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("capacity", type=int, help="units that can be sold")
        parser.add_argument("flights", nargs="+", metavar="FLIGHT", help="ids such as flt_…")
        parser.add_argument("--cabin", choices=Cabin.values, default=Cabin.ECONOMY.value, help="default economy")
        parser.add_argument("--forced-over", type=int, default=0, help="units to oversell on purpose (default 0)")
        parser.add_argument("--reason", required=True, help="kept in the journal, 64 characters at most")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the inventories, change them, say so."""
        try:
            rows = set_capacity(
                inventory_ids=cabin_inventory(options["flights"], options["cabin"]),
                capacity=options["capacity"],
                forced_over=options["forced_over"],
                cause=system("operator", options["reason"][:64]),
            )
        except AltisError as error:
            raise CommandError(f"{error.code}: {error.detail}") from error
        for row in rows:
            self.stdout.write(f"{row.flight_id} {row.cabin}: {row.available} of {row.capacity} left")
