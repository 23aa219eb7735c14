"""What a fresh Altis needs: reference data, a season of flights, an administrator."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from altis.accounts.services.ensure_staff import ensure_staff


class Command(BaseCommand):
    """Run at each start; quick when everything is there."""

    help = "Add reference data, 60 days of flights and the administrator. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed what is missing."""
        call_command("seed_flights", stdout=self.stdout)
        if not settings.ALTIS_ADMIN_PASSWORD:
            self.stdout.write("no administrator: ALTIS_ADMIN_PASSWORD is not set")
            return
        ensure_staff(email=settings.ALTIS_ADMIN_EMAIL, password=settings.ALTIS_ADMIN_PASSWORD)
        self.stdout.write("administrator is there")
