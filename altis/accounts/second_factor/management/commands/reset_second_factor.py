"""Let somebody in again who lost their authenticator and the recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from altis.accounts.models import User
from altis.accounts.second_factor.services.remove import remove_second_factor


class Command(BaseCommand):
    """`reset_second_factor usr_...`"""

    help = "Removes a user's authenticator and recovery codes. Make sure first that it is them who ask."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The user's id: an e-mail address on a command line can be seen by everybody on the machine."""
        parser.add_argument("user", help="the user's id, usr_...")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        """Remove it; CommandError when there is no such user or nothing to remove."""
        found = User.objects.filter(pk=user).first()
        if found is None:
            raise CommandError(f"no user {user}")
        if not remove_second_factor(user=found, by="operator"):
            raise CommandError(f"{user} has no second factor")
        self.stdout.write(f"{user} has no second factor any more")
