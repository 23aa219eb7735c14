"""`python -m bench.speed.check`: the ratios of the last result against the committed baseline.

Ratios alone: absolute figures belong to one machine and one hour. Exit code 1 when any got worse by more than 15 %.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.speed.ratios import WORSE_SHARE, compare
from bench.speed.result import LATEST

BASELINE = Path(__file__).parents[1] / "baseline.json"


def check(latest: dict[str, Any], baseline: dict[str, Any], console: Console) -> int:
    """Show every ratio, and return 1 when any is worse than it may be, or when the run itself had failed."""
    table = Table("ratio", "baseline", "now", "worse by")
    worse = []
    changes = compare(baseline["ratios"], latest["ratios"])
    for change in changes:
        bad = change.share > WORSE_SHARE
        worse += [change] if bad else []
        cells = (f"{change.before:.4f}", f"{change.now:.4f}", f"{change.share:+.1%}")
        table.add_row(change.name, *cells, style="bold red" if bad else None)
    console.print(table)
    failed = failures_of(latest)
    for failure in failed:
        console.print(failure, style="bold red", markup=False)
    for change in worse:
        console.print(f"{change.name} got worse by {change.share:.0%}: {change.before:.4f} to {change.now:.4f}")
    missing = sorted(baseline["ratios"].keys() - latest["ratios"].keys())
    if missing:
        console.print(f"not measured: {', '.join(missing)}")
    if not worse and not failed:
        console.print(f"{len(changes)} ratios, none worse by more than {WORSE_SHARE:.0%}")
    return 1 if worse or failed or not changes else 0


def failures_of(result: dict[str, Any]) -> list[str]:
    """Why the figures of a run count for nothing: replies that were errors, and parts that could not be measured."""
    rows = {**result["cases"], **result.get("yardsticks", {})}
    wrong = [f"{name} had {row['errors']} errors" for name, row in rows.items() if row["errors"]]
    return [*wrong, *result.get("failures", [])]


def keep(latest: dict[str, Any], baseline: Path) -> int:
    """Make a whole and faultless result the baseline; returns 2 for any other."""
    if latest["settings"].get("quick") or failures_of(latest):
        print("a quick result, or one with failures, is no baseline", file=sys.stderr)
        return 2
    kept = {name: latest[name] for name in ("at", "machine", "settings", "ratios")}
    baseline.write_text(json.dumps(kept, indent=1) + "\n")
    return 0


def main(words: list[str]) -> int:
    """Compare, or keep the last result as the new baseline; 2 when there is nothing to compare."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed.check")
    parser.add_argument("--latest", type=Path, default=LATEST)
    parser.add_argument("--baseline", type=Path, default=BASELINE)
    parser.add_argument("--keep", action="store_true", help="make the last result the baseline")
    given = parser.parse_args(words)
    if not given.latest.exists():
        print(f"no {given.latest.name} in bench/results: run `make bench` first", file=sys.stderr)
        return 2
    latest = json.loads(given.latest.read_text())
    if given.keep:
        return keep(latest, given.baseline)
    if not given.baseline.exists():
        print("no bench/baseline.json: keep one with `python -m bench.speed.check --keep`", file=sys.stderr)
        return 2
    return check(latest, json.loads(given.baseline.read_text()), Console())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
