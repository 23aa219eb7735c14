"""`python -m bench.fuzz`: Schemathesis against the OpenAPI document that a whole stack of its own serves.

Exit code 0 only when there were as many requests as asked for, no failure of any check, and no warning.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from altis.devstack.errors import StackError, StopRequested
from altis.devstack.log import say
from altis.devstack.state import temporary_root
from bench.fuzz.ground import Ground
from bench.fuzz.run import Result, Run


def main() -> int:
    """Start, fuzz, show, stop."""
    given = _arguments()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="altis-fuzz-", dir=temporary_root()) as name:
        ground = Ground(Path(name))
        try:
            ground.start()
            run = Run(ground, Path(name))
            result = run.go(requests=given.requests, seed=given.seed, short=given.short)
        except (StackError, StopRequested) as error:
            print(f"fuzz: {error}", file=sys.stderr)
            return 1
        finally:
            ground.stop()
    _show(result)
    for findings in result.failed:
        print(findings)
    enough = result.requests >= given.requests
    clean = "nothing to complain about" if not result.failed else "FAILED"
    say("fuzz", f"{result.requests} requests in {time.monotonic() - began:.0f} s, seed {given.seed}: {clean}")
    return 0 if enough and not result.failed else 1


def _show(result: Result) -> None:
    codes = sorted({code for counts in result.statuses.values() for code in counts})
    table = Table("operation", "requests", *codes, title=f"Requests by operation and status, {result.rounds} rounds")
    for operation, counts in sorted(result.statuses.items()):
        table.add_row(operation, str(counts.total()), *(str(counts[code] or "") for code in codes))
    sums = [str(sum(counts[code] for counts in result.statuses.values())) for code in codes]
    table.add_section()
    table.add_row("all", str(result.requests), *sums)
    Console(width=max(120, 50 + 8 * len(codes))).print(table)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=20_000, help="how many at least (default 20000)")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same requests (default 1)")
    parser.add_argument("--short", action="store_true", help="only generated requests, without the fixed thousand")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
