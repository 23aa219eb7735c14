"""`manage.py check_invariants`: is everything that must be true of the stores true?"""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from altis.insight.invariants import INVARIANTS, Invariant, numbered
from altis.insight.services.check import check_invariants
from altis.insight.services.report import Finding, Report, Scope, State

_FIRST_IDS = 5
_STYLES = {State.HOLDS: "green", State.VIOLATED: "bold red", State.NOT_ASKED: "yellow"}


class Command(BaseCommand):
    """Look, tell, and change nothing."""

    help = (
        "Check every invariant of docs/reliability.md: PostgreSQL in one snapshot, Redis against the ledger, our "
        "payments against the gateway's. Exit code 0: all hold; 1: one is violated; 2: a part could not be asked."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--recent", action="store_true", help="only what changed in the last ten minutes")
        parser.add_argument("--quiesced", action="store_true", help="nothing is in flight: excuse nothing by it")
        parser.add_argument("--only", type=_invariants, default=INVARIANTS, help="some of them, such as I1,I9")
        parser.add_argument("--json", metavar="PATH", default="", help="write the report as JSON; - is standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises SystemExit with the exit code unless all hold."""
        scope = Scope.RECENT if options["recent"] else Scope.EVERYTHING
        try:
            report = check_invariants(
                scope=scope, quiesced=options["quiesced"], invariants=options["only"], told=self._progress
            )
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"PostgreSQL could not be asked: {type(error.__cause__ or error).__name__}")
            sys.exit(2)
        self._tell(report, options["json"])
        if report.exit_code:
            sys.exit(report.exit_code)

    def _progress(self, finding: Finding) -> None:
        number, state = finding.invariant.number, finding.state.value.replace("_", " ")
        self.stderr.write(f"{number:<5} {state:<9} {finding.seconds:6.2f} s", style_func=str)

    def _tell(self, report: Report, path: str) -> None:
        if path:
            text = json.dumps(report.as_json(), indent=2)
            if path == "-":
                self.stdout.write(text)
                return
            Path(path).write_text(f"{text}\n", encoding="utf-8")
        console = Console(file=cast("IO[str]", self.stdout), width=None if self.stdout.isatty() else 160)
        console.print(_table(report))
        self.stdout.write(_summary(report))


def _invariants(text: str) -> tuple[Invariant, ...]:
    try:
        return numbered(*text.split(","))
    except LookupError as error:
        raise ArgumentTypeError(f"there is no invariant {error}") from error


def _table(report: Report) -> Table:
    table = Table("", "Invariant", "Kind", "State", "Found", "First ids")
    for finding in report.findings:
        style = _STYLES[finding.state]
        state = finding.state.value.replace("_", " ")
        table.add_row(
            finding.invariant.number,
            finding.invariant.title,
            finding.invariant.kind.value,
            f"[{style}]{state}[/]",
            "" if finding.found is None else str(finding.found),
            escape(", ".join(finding.ids[:_FIRST_IDS])),
        )
    return table


def _summary(report: Report) -> str:
    counts = {state: sum(finding.state == state for finding in report.findings) for state in State}
    return (
        f"{counts[State.HOLDS]} hold, {counts[State.VIOLATED]} violated, {counts[State.NOT_ASKED]} not asked; "
        f"{report.scope.value}{', quiesced' if report.quiesced else ''}, {report.seconds:.1f} s"
    )
