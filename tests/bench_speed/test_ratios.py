"""Ratios, what must be shown, and the guard that compares with the baseline."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bench.speed import check
from bench.speed.goals import judged
from bench.speed.ratios import compare, ratios


def _figures(per_s: float, api: float = 100) -> dict[str, Any]:
    return {"per_s": per_s, "cpu_us": {"api": api}, "errors": 0}


def test_ratio_is_ours_over_the_yardstick() -> None:
    found = ratios({"search-hot@64": _figures(2500, api=80)}, {"hello": _figures(10_000, api=20)})

    assert found == {"search_vs_hello": 0.25, "search_cpu_vs_hello": 4.0}


def test_what_was_not_measured_has_no_ratio() -> None:
    assert ratios({"search-hot@64": _figures(2500)}, {"hello": _figures(0, api=0)}) == {}


def test_cost_of_growth_compares_processor_time() -> None:
    found = ratios({"growth-1x@64": _figures(1, api=100), "growth-100x@64": _figures(1, api=115)}, {})

    assert found == {"growth_cost_100x": 1.15}


def test_less_throughput_is_worse_and_more_cost_is_worse() -> None:
    before = {"search_vs_hello": 0.30, "growth_cost_100x": 1.0, "cold_vs_hot": 0.8}
    now = {"search_vs_hello": 0.24, "growth_cost_100x": 1.3, "cold_vs_hot": 0.9}

    changes = {change.name: round(change.share, 3) for change in compare(before, now)}

    assert changes == {"growth_cost_100x": 0.3, "search_vs_hello": 0.2, "cold_vs_hot": -0.125}


@pytest.mark.parametrize(("now", "code"), [(0.26, 0), (0.25, 1), (0.5, 0)])
def test_check_fails_from_more_than_fifteen_percent_on(now: float, code: int) -> None:
    out = Console(file=io.StringIO(), width=100)

    found = check.check({"ratios": {"search_vs_hello": now}, "cases": {}}, {"ratios": {"search_vs_hello": 0.3}}, out)

    assert found == code
    assert ("got worse by" in out.file.getvalue()) is bool(code)  # type: ignore[attr-defined]  # a StringIO


def test_check_fails_for_errors_and_for_nothing_to_compare() -> None:
    out, same = Console(file=io.StringIO()), {"ratios": {"search_vs_hello": 0.3}}

    assert check.check({**same, "cases": {"pay@16": {"errors": 0}}}, same, out) == 0
    assert check.check({**same, "cases": {"pay@16": {"errors": 1}}}, same, out) == 1
    assert check.check({**same, "cases": {}, "yardsticks": {"hello": {"errors": 1}}}, same, out) == 1
    assert check.check({**same, "cases": {}, "failures": ["sweep: no answer"]}, same, out) == 1
    assert check.check({"ratios": {}, "cases": {}}, same, out) == 1


def test_last_result_becomes_the_baseline_and_is_compared_with_it(tmp_path: Path) -> None:
    latest, baseline = tmp_path / "latest.json", tmp_path / "baseline.json"
    names = ["--latest", str(latest), "--baseline", str(baseline)]

    assert check.main(names) == 2
    latest.write_text(
        json.dumps({"at": "now", "machine": {}, "settings": {}, "ratios": {"cold_vs_hot": 0.7}, "cases": {}})
    )
    assert check.main(names) == 2
    assert check.main([*names, "--keep"]) == 0
    assert check.main(names) == 0


@pytest.mark.parametrize("wrong", [{"settings": {"quick": True}}, {"failures": ["sweep: no answer"]}])
def test_a_result_that_counts_for_nothing_is_no_baseline(tmp_path: Path, wrong: dict[str, Any]) -> None:
    whole = {"at": "now", "machine": {}, "settings": {}, "ratios": {"cold_vs_hot": 0.7}, "cases": {}}

    assert check.keep({**whole, **wrong}, tmp_path / "baseline.json") == 2

    assert list(tmp_path.iterdir()) == []


def test_goals_are_met_from_below_or_from_above() -> None:
    found = judged({"ratios": {"search_vs_hello": 0.25}, "cases": {"accept@16": {"p95_ms": 101, "per_s": 1000}}})

    assert {path: goal["met"] for path, goal in found.items()} == {
        "ratios/search_vs_hello": True,
        "cases/accept@16/p95_ms": False,
        "cases/accept@16/per_s": True,
    }
