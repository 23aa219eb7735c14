"""The one-page report of a run, as Markdown and as JSON, and the summary over several seeds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from bench.torture.result import Result
from bench.torture.verdict import Verdict

_MOST_SHOWN = 5
Json = dict[str, Any]


def write_report(result: Result, folder: Path, *, name: str) -> Path:
    """Both forms into the folder; returns the Markdown's path."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {"passed": result.passed, "command": command(result), **asdict(result)}
    (folder / f"{name}.json").write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2, default=str))
    page = folder / f"{name}.md"
    page.write_text(markdown(result), encoding="utf-8")
    return page


def write_summary(results: Sequence[Result], folder: Path, *, name: str) -> Path:
    """Totals over the seeds."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        (
            result.seed,
            "passed" if result.passed else "FAILED",
            result.figures.get("orders_acknowledged", 0),
            result.figures.get("requests", 0),
            len(result.faults) + sum(result.failpoints.values()),
            result.violations,
            _recovery(result, "gate_equals_ledger"),
            _recovery(result, "serving"),
        )
        for result in results
    ]
    totals = ("all", _all_passed(results), *(sum(int(row[column]) for row in rows) for column in (2, 3, 4, 5)))
    heads = ("seed", "verdict", "orders", "requests", "faults", "violations", "gate = ledger, s", "serving, s")
    worst = tuple(max((row[column] for row in rows if row[column] != ""), default="") for column in (6, 7))
    page = folder / f"{name}.md"
    text = f"# Torture: {len(results)} seeds\n\n{_table(heads, [*rows, (*totals, *worst)])}\n"
    page.write_text(text, encoding="utf-8")
    return page


def command(result: Result) -> str:
    """How to run it again."""
    return f"make torture SEED={result.seed} MINUTES={result.minutes:g}"


def markdown(result: Result) -> str:
    """The page."""
    parts = [
        f"# Torture: seed {result.seed}, {'passed' if result.passed else 'FAILED'}",
        _opening(result),
        "## Checks",
        _checks(result.verdicts),
        *_violations(result.verdicts),
        *_scenes(result),
        "## Load",
        _load(result),
        "## Faults",
        _faults(result),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(result: Result) -> str:
    machine = result.machine
    lines = [
        f"`{command(result)}`, begun {result.began}"
        + (f", **interrupted after {result.seconds.get('load', 0):.0f} s**" if result.interrupted else ""),
        f"{machine.get('cores')} cores, {machine.get('memory_gib')} GiB, {machine.get('platform')};"
        f" Python {machine.get('python')}, PostgreSQL {machine.get('postgresql')} (fsync {machine.get('fsync')}),"
        f" revision {machine.get('revision') or 'unknown'}",
        "Seconds: " + ", ".join(f"{phase} {seconds:.0f}" for phase, seconds in result.seconds.items()),
    ]
    lines += [f"**Proves nothing: {reason}**" for reason in result.trouble]
    return "\n".join(f"- {line}" for line in lines)


def _checks(verdicts: Sequence[Verdict]) -> str:
    rows = [
        (
            verdict.number,
            verdict.title,
            "all" if verdict.looked_at is None else verdict.looked_at,
            len(verdict.violations) or "none",
        )
        for verdict in verdicts
    ]
    return _table(("check", "what must hold", "looked at", "violations"), rows)


def _violations(verdicts: Sequence[Verdict]) -> list[str]:
    parts: list[str] = []
    for verdict in verdicts:
        for found in verdict.violations[:_MOST_SHOWN]:
            parts.append(f"**{verdict.number}** {found.text}")
            if found.evidence:
                parts.append("```text\n" + "\n".join(found.evidence[:_MOST_SHOWN]) + "\n```")
    return ["## Violations", *parts] if parts else []


def _scenes(result: Result) -> list[str]:
    if not result.scenes:
        return []
    rows = [
        (
            scene.name,
            "passed" if scene.passed else "FAILED",
            ", ".join(f"{name} {value}" for name, value in scene.figures.items()),
            "; ".join(scene.notes),
        )
        for scene in result.scenes
    ]
    return ["## Scenes", _table(("scene", "verdict", "figures", "notes"), rows)]


def _load(result: Result) -> str:
    figures = result.figures
    if not figures:
        return "None."
    plain = {name: value for name, value in figures.items() if not isinstance(value, dict)}
    opening = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in plain.items())
    recovery = ", ".join(
        f"{name.removeprefix('seconds_until_').replace('_', ' ')} {_rounded(value)}"
        for name, value in result.recovery.items()
        if name.startswith("seconds")
    )
    rows = []
    for op, replies in figures["replies"].items():
        times = figures["milliseconds"].get(op, {})
        told = ", ".join(f"{reply}: {count}" for reply, count in replies.items())
        rows.append((op, told, times.get("p50", ""), times.get("p99", ""), times.get("p100", "")))
    table = _table(("operation", "replies", "p50 ms", "p99 ms", "longest ms"), rows)
    topics = ", ".join(f"{name} {value}" for name, value in result.topics.items())
    parts = [
        f"{opening}.",
        f"In seconds after the end of the load, when healing began: {recovery}." if recovery else "",
        f"In the topics: {topics}." if topics else "",
        table,
    ]
    return "\n\n".join(part for part in parts if part)


def _faults(result: Result) -> str:
    kinds = Counter(fault["fault"] for fault in result.faults)
    opening = f"{len(result.faults)} faults: " + ", ".join(f"{name} {count}" for name, count in kinds.most_common())
    points = ", ".join(f"{name} {count}" for name, count in sorted(result.failpoints.items()))
    rows = [
        (f"{fault['at']:.1f}", _until(fault["healed_at"]), fault["fault"], fault["detail"]) for fault in result.faults
    ]
    table = _table(("at, s", "healed, s", "fault", "detail"), rows) if rows else ""
    parts = [f"{opening}.", f"Failpoints that struck: {points}." if points else "", table]
    return "\n\n".join(part for part in parts if part)


def _until(healed_at: float | None) -> str:
    return "" if healed_at is None else f"{healed_at:.1f}"


def _recovery(result: Result, name: str) -> float | str:
    found = next((value for key, value in result.recovery.items() if name in key), None)
    return "" if found is None else round(float(found), 1)


def _rounded(value: object) -> object:
    return round(value, 1) if isinstance(value, float) else value


def _all_passed(results: Sequence[Result]) -> str:
    failed = [str(result.seed) for result in results if not result.passed]
    return f"FAILED: {', '.join(failed)}" if failed else "passed"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
