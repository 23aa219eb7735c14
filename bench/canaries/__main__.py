"""`python -m bench.canaries`: 200 people and 50 card numbers through a whole Altis; then every place is searched.

Exit code 0 only when nothing was found, every card was refused, and the planted control was found in every place.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from altis.devstack.state import temporary_root
from bench.canaries.run import Report, Run

_SHOWN = 10


def main() -> int:
    """Run, show, judge."""
    parser = argparse.ArgumentParser(prog="python -m bench.canaries", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=200, help="how many persons (default 200)")
    parser.add_argument("--cards", type=int, default=50, help="how many card numbers (default 50)")
    given = parser.parse_args()
    console, began = Console(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="altis-canaries-", dir=temporary_root()) as name:
        Path(name).chmod(0o711)  # the servers' account must pass through
        run = Run(
            Path(name),
            persons=given.people,
            cards=given.cards,
            say=lambda line: console.print(f"{time.monotonic() - began:6.1f} s  {line}"),
        )
        report = run.go()
    show(report, console)
    return 1 if report.hits or report.taken or report.missed else 0


def show(report: Report, console: Console) -> None:
    """The table, and what went wrong."""
    table = Table("place", "parts", "characters", "hits", title="Canaries found")
    for place, found in report.places.items():
        table.add_row(place, str(found.parts), f"{found.characters:,}", str(len(found.hits)))
    console.print(table)
    console.print(
        f"{report.people} people, {report.orders} orders, {report.mails} e-mails, {report.replies.total()} replies,"
        f" {report.broken} of them 500,"
        f" {report.tried} tries with {report.cards} card numbers, {len(report.taken)} of them not refused"
    )
    console.print("replies: " + ", ".join(f"{told} ×{times}" for told, times in sorted(report.replies.items())))
    for place, found in report.places.items():
        for part, hit in found.hits[:_SHOWN]:
            console.print(f"{place} / {part}: {hit.kind}: {hit.around!r}", markup=False)
    for line in report.taken[:_SHOWN]:
        console.print(f"taken: {line}", markup=False)
    for line in report.missed:
        console.print(f"control missed: {line}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
