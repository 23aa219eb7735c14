"""`python -m bench.torture`: a whole Altis under load and under faults, healed, brought to rest, and judged.

Exit code 0 only when orders were placed, faults struck, and nothing was violated; 1 otherwise.
"""

import argparse
import sys
import time
from pathlib import Path

from bench.torture.progress import Progress
from bench.torture.report import write_report, write_summary
from bench.torture.result import Result
from bench.torture.run import Options, Run
from bench.torture.scenes import UnknownScene, chosen

_RESULTS = Path(__file__).parents[1] / "results" / "torture"


def main() -> int:
    """Run each seed, report each, and sum up."""
    given = _arguments()
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    results: list[Result] = []
    with Progress() as progress:
        for seed in given.seeds:
            name = f"{stamp}-seed-{seed}"
            run = Run(_options(given, seed, keep=given.out / name), progress)
            results.append(run.go())
            _conclude(results[-1], given.out, name, progress)
            if results[-1].interrupted:
                break
        if len(given.seeds) > 1:
            progress.say(f"summary: {write_summary(results, given.out, name=f'{stamp}-summary')}")
    complete = len(results) == len(given.seeds) and not results[-1].interrupted
    return 0 if complete and all(result.passed for result in results) else 1


def _conclude(result: Result, out: Path, name: str, progress: Progress) -> None:
    page = write_report(result, out, name=name)
    figures = result.figures
    progress.say(
        f"seed {result.seed} {'passed' if result.passed else 'FAILED'}: {figures.get('orders_acknowledged', 0)} orders,"
        f" {len(result.faults)} faults, {sum(result.failpoints.values())} failpoint strikes,"
        f" {result.violations} violations"
    )
    for reason in result.trouble:
        progress.say(f"proves nothing: {reason}")
    for verdict in result.verdicts:
        for found in verdict.violations[:3]:
            progress.say(f"{verdict.number} {found.text}")
    progress.say(f"report: {page}")


def _options(given: argparse.Namespace, seed: int, *, keep: Path) -> Options:
    return Options(
        seed=seed,
        minutes=given.minutes,
        customers=given.customers,
        faults=frozenset(given.faults.split(",")) if given.faults else None,
        every=given.every,
        scenes=given.scenes,
        keep=keep,
        keep_always=given.keep,
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.torture", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--seed", dest="seeds", type=lambda text: [int(text)], metavar="N", help="which run (default 1)"
    )
    parser.add_argument("--seeds", type=_seeds, metavar="1-12", help="several runs, one after the other: 1-12 or 3,5")
    parser.add_argument("--minutes", type=float, default=2.0, help="time under load (default 2; 0: scenes alone)")
    parser.add_argument("--customers", type=int, default=10, help="concurrent customers in each of two processes")
    parser.add_argument("--faults", default="", metavar="P1,R1", help="only these codes of the fault matrix")
    parser.add_argument("--every", type=_span, default=(1.0, 4.0), metavar="1-4", help="seconds between faults")
    parser.add_argument("--scenes", type=_scenes, default={}, metavar="NAMES", help="scenes to play as well, or all")
    parser.add_argument("--keep", action="store_true", help="keep logs and histories also when all is well")
    parser.add_argument("--out", type=Path, default=_RESULTS, help="where reports go (default bench/results/torture)")
    parser.set_defaults(seeds=[1])
    return parser.parse_args()


def _seeds(text: str) -> list[int]:
    parts = [part.partition("-") for part in text.split(",")]
    try:
        return [seed for first, _, last in parts for seed in range(int(first), int(last or first) + 1)]
    except ValueError as error:
        raise argparse.ArgumentTypeError("such as 1-12 or 3,5") from error


def _span(text: str) -> tuple[float, float]:
    shortest, _, longest = text.partition("-")
    try:
        return float(shortest), float(longest or shortest)
    except ValueError as error:
        raise argparse.ArgumentTypeError("such as 1-4 or 6") from error


def _scenes(text: str) -> object:
    try:
        return chosen(text) if text else {}
    except UnknownScene as error:
        raise argparse.ArgumentTypeError(str(error)) from error


if __name__ == "__main__":
    sys.exit(main())
