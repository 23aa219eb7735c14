"""`python -m bench`: searches, accepts, payments and sweeps over HTTP, beside yardsticks of the same run.

It starts servers of its own and leaves none behind. The result goes to bench/results: latest.json and latest.svg.
"""

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console

from altis.devstack.config import from_environment
from altis.devstack.errors import StackError, StopRequested
from bench.speed.bench import Options
from bench.speed.chart import chart
from bench.speed.result import RESULTS, show, write
from bench.speed.run import FAILURES, NAMES, run
from bench.torture.progress import Progress


def main(words: list[str]) -> int:
    """Measure, show, keep; 1 when a reply was an error or the measurement failed, 130 when it was stopped."""
    given = _parser().parse_args(words)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 132)
    options = Options(runs=given.runs, seconds=given.seconds, quick=given.quick, only=_names(given.only))
    workers = given.workers or from_environment(os.environ).api_workers
    try:
        with Progress(console) as progress:
            result = run(options, workers=workers, progress=progress)
    except StopRequested as reason:
        print(f"bench: stopped ({reason})", file=sys.stderr)
        return 130
    except (StackError, *FAILURES) as error:
        print(f"bench: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    show(result, console)
    write(result, given.out / "latest.json")
    (given.out / "latest.svg").write_text(chart(result), encoding="utf-8")
    failed = [name for part in ("cases", "yardsticks") for name, row in result[part].items() if row["errors"]]
    if failed:
        print(f"bench: errors in {', '.join(failed)}", file=sys.stderr)
    for failure in result["failures"]:
        print(f"bench: {failure}", file=sys.stderr)
    return 1 if failed or result["failures"] else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help=f"cases and yardsticks by name, with commas: {', '.join(NAMES)}")
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured (default 3)")
    parser.add_argument("--seconds", type=float, default=3, help="how long each run lasts (default 3)")
    parser.add_argument("--workers", type=int, default=0, help="API processes (default: as the product has them)")
    parser.add_argument("--quick", action="store_true", help="a small network and few requests: no figures, a try")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the result goes (default bench/results)")
    return parser


def _names(text: str) -> frozenset[str]:
    names = frozenset(part.strip() for part in text.split(",") if part.strip())
    if unknown := names - frozenset(NAMES):
        raise SystemExit(f"bench: no such case: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
