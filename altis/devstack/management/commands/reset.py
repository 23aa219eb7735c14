"""`manage.py reset`: throw a stack's data away."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from altis.devstack.config import from_environment
from altis.devstack.errors import StackError
from altis.devstack.reset import remove_state


class Command(BaseCommand):
    """Refuses while the stack runs."""

    help = "Delete the state folder: data, secrets and logs of the embedded services."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when the stack runs."""
        try:
            for folder in remove_state(from_environment(os.environ).state_dir):
                self.stdout.write(f"removed {folder}")
        except StackError as problem:
            raise CommandError(str(problem)) from problem
