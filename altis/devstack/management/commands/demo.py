"""`manage.py demo`: buy a trip through the HTTP API and show each step."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console

from altis.devstack.config import from_environment
from altis.devstack.demo import run_demo
from altis.devstack.errors import StackError
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say
from altis.devstack.shopper import UnexpectedReply
from altis.devstack.tour import buy_a_trip

_PIPE_COLUMNS = 120


class Command(BaseCommand):
    """With --url it only buys; without, it sees to a running stack first."""

    help = "Buy a trip through the HTTP API, step by step."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """One option."""
        parser.add_argument("--url", help="an API that runs already, for example http://localhost:8080")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 0 when every reply was as the contract promises, else 1."""
        if options["url"]:
            sys.exit(_buy(options["url"]))
        interrupt = Interrupt(make_pid=int(os.environ.pop("ALTIS_MAKE_PID", "0")) or None)
        interrupt.install()
        try:
            config = from_environment(os.environ)
        except StackError as problem:
            say("demo", f"error: {problem}")
            sys.exit(1)
        sys.exit(run_demo(config, interrupt))


def _buy(url: str) -> int:
    # In a pipe there is no width to ask for, and 80 columns would fold the tables.
    console = Console() if sys.stdout.isatty() else Console(width=_PIPE_COLUMNS)
    try:
        buy_a_trip(url, console)
    except KeyboardInterrupt:
        return 130
    except UnexpectedReply as problem:
        console.print(f"[red]{problem}[/red]")
        return 1
    return 0
