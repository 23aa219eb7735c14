"""Where the microseconds of a result went."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.speed.goals import judged
from bench.speed.layers import AIMS, layers, main, table

SEARCH, ORDER, _ = AIMS


def _row(per_s: float, **cpu: float) -> dict[str, Any]:
    return {"per_s": per_s, "errors": 0, "cpu_us": cpu}


def _result(**more: Any) -> dict[str, Any]:
    cases = {
        "search-hot@64": _row(5000, api=150, redis=50, postgres=0),
        "accept@16": _row(200, api=4000, postgres=2000),
    }
    made = {"machine": {"cores": 2}, "cases": cases, "yardsticks": {"hello": _row(40_000, api=30)}, "failures": []}
    return {**made, "goals": judged(made), **more}


def test_what_the_bare_server_costs_is_not_called_ours() -> None:
    assert layers(_result(), SEARCH) == {
        "the bare application server (`hello`)": 30,
        "our code in the API's processes": 120,
        "Redis": 50,
    }


def test_without_the_yardstick_the_process_is_one_layer() -> None:
    assert layers(_result(yardsticks={}), ORDER) == {
        "our code in the API's processes": 4000,
        "Redis": 0,
        "PostgreSQL": 2000,
    }


def test_sum_rest_and_budget_stand_below_the_layers() -> None:
    told = table(_result(), SEARCH)

    assert told[-3:] == [
        "| together | 200 |",
        "| the load generator, the system, and cores that waited (2 cores, 5,000/s) | 200 |",
        "| what 2 cores leave for each at 10,000/s | 200 |",
    ]
    assert table(_result(cases={}), SEARCH) == []


@pytest.mark.parametrize("wrong", [{"failures": ["sweep: no answer"]}, {"cases": {"pay@16": {"errors": 1}}}])
def test_a_run_with_errors_is_not_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: dict[str, Any]
) -> None:
    latest = tmp_path / "latest.json"
    assert main(["--latest", str(latest)]) == 2

    latest.write_text(json.dumps(_result(**wrong)))
    assert main(["--latest", str(latest)]) == 2
    assert capsys.readouterr().out == ""

    latest.write_text(json.dumps(_result()))
    assert main(["--latest", str(latest)]) == 0
    assert "| `cases/search-hot@64/per_s` | ≥ 10000 | 5000 | no |" in capsys.readouterr().out
