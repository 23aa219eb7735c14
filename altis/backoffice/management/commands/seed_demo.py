"""`manage.py seed_demo`: customers, staff, and an order in every status."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from altis.backoffice.demo import CUSTOMERS, PLAN, Account, ensure_people, seed_orders
from altis.shared.errors import AltisError
from catalog.management.progress import progress
from catalog.models import Flight
from catalog.services.seeding import seed_reference


class Command(BaseCommand):
    """Adds what is missing and changes nothing that exists."""

    help = "Adds demo customers, staff and an order in every status. Needs the payment gateway. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 with a sentence when something that it needs is missing."""
        if Flight.objects.exists():
            seed_reference()
        else:
            call_command("seed_flights", stdout=self.stdout)
        accounts = ensure_people()
        self._introduce(accounts)
        customers = [account.user for account in accounts[: len(CUSTOMERS)]]
        try:
            with progress(self.stdout, title="orders", total=len(PLAN)) as advance:
                made = seed_orders(customers, progress=advance)
        except AltisError as error:
            raise CommandError(error.detail) from error
        for order in made:
            self.stdout.write(f"  {order.reference}  {order.status:<16} {order.bundle_name}, {order.total}")
        there = len(PLAN) - len(made)
        self.stdout.write(f"orders +{len(made)}; {there} of {len(PLAN)} statuses had one already")

    def _introduce(self, accounts: list[Account]) -> None:
        for account in accounts:
            password = account.password or "changed since"
            self.stdout.write(f"  {account.email:<30} {account.role:<16} password {password}")
        made = sum(account.made for account in accounts)
        self.stdout.write(f"accounts +{made}; {len(accounts) - made} were already there")
