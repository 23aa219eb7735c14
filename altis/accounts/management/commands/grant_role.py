"""`manage.py grant_role`: who works in the back-office, and as what."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from altis.accounts.roles import Role, role_named
from altis.accounts.services.grant_role import grant_role, revoke_role
from altis.accounts.staff import staff_in_roles, user_named
from altis.shared.errors import AltisError


class Command(BaseCommand):
    """Gives an existing account a role; whoever has one may log in to the back-office."""

    help = "Give an account a staff role, take it away with --revoke, or show who has which with --list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who and what; neither with `--list`."""
        parser.add_argument("user", nargs="?", help="Id, or e-mail address, of an account that exists")
        parser.add_argument("role", nargs="?", help=", ".join(role.value for role in Role))
        parser.add_argument("--revoke", action="store_true", help="Take the role away")
        parser.add_argument("--list", action="store_true", help="Show the ids of who has which role")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 with a sentence when the account or the role is none, or the last administrator would go."""
        if options["list"]:
            self._list()
            return
        user, role = user_named(options["user"] or ""), role_named(options["role"] or "")
        if user is None:
            raise CommandError("There is no such account: register it first, then name its id or e-mail address.")
        if role is None:
            raise CommandError(f"A role is one of: {', '.join(role.value for role in Role)}.")
        try:
            (revoke_role if options["revoke"] else grant_role)(user=user, role=role)
        except AltisError as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{user.pk} is {'no longer ' if options['revoke'] else ''}{role.value}")

    def _list(self) -> None:
        for role, people in staff_in_roles().items():
            self.stdout.write(f"{role.value}: {', '.join(people) or '–'}")
