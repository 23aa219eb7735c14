"""`manage.py up`: the whole stack in the foreground."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand

from altis.devstack.config import from_environment
from altis.devstack.errors import StackError
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say
from altis.devstack.up import run_up


class Command(BaseCommand):
    """Settings are environment variables, see .env.example; there are no options."""

    help = "Start every service and process, and watch them until Ctrl-C or SIGTERM."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 0 after a stop that was asked for, 1 after a problem."""
        interrupt = Interrupt(make_pid=int(os.environ.pop("ALTIS_MAKE_PID", "0")) or None)
        interrupt.install()
        try:
            config = from_environment(os.environ)
        except StackError as problem:
            say("stack", f"error: {problem}")
            sys.exit(1)
        sys.exit(run_up(config, interrupt))
