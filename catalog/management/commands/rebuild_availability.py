"""Rebuild the gate from the ledger."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.services.reconcile import rebuild


class Command(BaseCommand):
    """Push every ledger row into Redis."""

    help = "Rebuild the availability gate in Redis from the inventory ledger in PostgreSQL."

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe at any time: a newer figure in the gate is kept."""
        self.stdout.write(f"{rebuild()} inventories pushed")
