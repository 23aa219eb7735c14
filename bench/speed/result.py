"""The result of a run, as JSON and as a table."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from bench.speed.bench import Findings, Options
from bench.speed.goals import judged
from bench.speed.ratios import ratios

RESULTS = Path(__file__).parents[1] / "results"
LATEST = RESULTS / "latest.json"
_MEGABYTE = 1024


def as_json(findings: Findings, options: Options, *, interface: str, workers: int, driver: str) -> dict[str, Any]:
    """Everything that was measured, with what one must know to compare it."""
    cases = {name: run.as_json() for name, run in findings.cases.items()}
    yardsticks = {name: run.as_json() for name, run in findings.yardsticks.items()}
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "settings": {
            "runs": options.runs,
            "seconds": options.seconds,
            "quick": options.quick,
            "interface": interface,
            "workers": workers,
            "driver": driver,
        },
        "cases": cases,
        "yardsticks": yardsticks,
        "ratios": ratios(cases, yardsticks),
        "facts": findings.facts,
        "notes": findings.notes,
        "failures": findings.failures,
        "runs": {name: [run.as_json() for run in each] for name, each in findings.runs.items()},
    }
    return result | {"goals": judged(result)}


def machine() -> dict[str, Any]:
    """What it ran on."""
    memory = Path("/proc/meminfo").read_text().split()[1]
    model = next(
        (line.split(":")[1] for line in Path("/proc/cpuinfo").read_text().split("\n") if "model n" in line), ""
    )
    return {
        "cores": os.cpu_count(),
        "model": model.strip(),
        "memory_mb": int(memory) // _MEGABYTE,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def write(result: dict[str, Any], file: Path) -> None:
    """As indented JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2) + b"\n")


def show(result: dict[str, Any], console: Console) -> None:
    """Tables for a person."""
    table = Table(*("", "per s", "p50 ms", "p95 ms", "p99 ms", "errors", "us api", "us redis", "us postgres"))
    for part in ("cases", "yardsticks"):
        for name, row in result[part].items():
            table.add_row(name, *_cells(row), style="bold red" if row["errors"] else None)
        table.add_section()
    console.print(table)
    shares = Table("ratio", "value")
    for name, value in result["ratios"].items():
        shares.add_row(name, f"{value:.3f}")
    console.print(shares)
    goals = Table("must show", "goal", "value", "met")
    for path, goal in result["goals"].items():
        bound = "≤" if goal["bound"] == "most" else "≥"
        met = "yes" if goal["met"] else "no"
        goals.add_row(
            path, f"{bound} {goal['goal']:g}", f"{goal['value']:g}", met, style=None if goal["met"] else "red"
        )
    console.print(goals)
    for note in result["notes"]:
        console.print(note, markup=False)


def _cells(row: dict[str, Any]) -> list[str]:
    cpu = row["cpu_us"]
    times = [f"{row[name]:.2f}" for name in ("p50_ms", "p95_ms", "p99_ms")]
    spent = [f"{cpu[name]:.0f}" if name in cpu else "" for name in ("api", "redis", "postgres")]
    return [f"{row['per_s']:,.0f}", *times, str(row["errors"]), *spent]
