"""`python -m bench.speed.layers`: where the microseconds of a result went, and how far from the aims that is.

Markdown, for docs/speed.md.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.speed.check import failures_of
from bench.speed.result import LATEST

_MICROSECONDS = 1e6
Layers = dict[str, float]


@dataclass(frozen=True, slots=True)
class Aim:
    """So many a second of a case, in the unit of work that a reader thinks of."""

    case: str
    per_s: int
    unit: str


AIMS: Final = (
    Aim("search-hot@64", 10_000, "search"),
    Aim("accept@16", 1000, "order"),
    Aim("pay@16", 400, "payment"),
)


def layers(result: Mapping[str, Any], aim: Aim) -> Layers:
    """Processor time of one unit of work by layer, in microseconds; empty when the case was not measured.

    What the server itself costs is known where `hello` was measured.
    """
    case = result["cases"].get(aim.case)
    if case is None:
        return {}
    spent, yardsticks = case["cpu_us"], result["yardsticks"]
    bare = min(yardsticks.get("hello", {}).get("cpu_us", {}).get("api", 0.0), spent.get("api", 0.0))
    found = {"the bare application server (`hello`)": bare} if bare else {}
    found["our code in the API's processes"] = spent.get("api", 0.0) - bare
    found["Redis"] = spent.get("redis", 0.0)
    return found | ({"PostgreSQL": spent["postgres"]} if spent.get("postgres") else {})


def table(result: Mapping[str, Any], aim: Aim) -> list[str]:
    """The layers, their sum, and what the machine leaves for each unit at the rate that is aimed at."""
    found = layers(result, aim)
    if not found:
        return []
    case, cores = result["cases"][aim.case], int(result["machine"]["cores"])
    whole, left = sum(found.values()), cores * _MICROSECONDS / aim.per_s
    between = max(0.0, cores * _MICROSECONDS / case["per_s"] - whole)
    rows = [
        *found.items(),
        ("together", whole),
        (f"the load generator, the system, and cores that waited ({cores} cores, {case['per_s']:,.0f}/s)", between),
        (f"what {cores} cores leave for each at {aim.per_s:,}/s", left),
    ]
    return [
        f"| Layer of one {aim.unit} (`{aim.case}`) | µs |",
        "|---|---|",
        *(f"| {n} | {us:,.0f} |" for n, us in rows),
    ]


def goals(result: Mapping[str, Any]) -> list[str]:
    """What must be shown, as far as it was measured."""
    rows = [
        f"| `{path}` | {'≤' if goal['bound'] == 'most' else '≥'} {goal['goal']:g} | {goal['value']:g} "
        f"| {'yes' if goal['met'] else 'no'} |"
        for path, goal in result["goals"].items()
    ]
    return ["| Must show | Goal | Measured | Met |", "|---|---|---|---|", *rows] if rows else []


def main(words: list[str]) -> int:
    """Print it; 2 when there is no result, or one with errors, whose figures count for nothing."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed.layers")
    parser.add_argument("--latest", type=Path, default=LATEST)
    given = parser.parse_args(words)
    if not given.latest.exists():
        print(f"no {given.latest.name} in bench/results: run `make bench` first", file=sys.stderr)
        return 2
    result = json.loads(given.latest.read_text())
    if failures_of(result):
        print("the run had errors: its figures count for nothing", file=sys.stderr)
        return 2
    parts = [goals(result), *(table(result, aim) for aim in AIMS)]
    print("\n\n".join("\n".join(part) for part in parts if part))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
