"""The whole of it, small: real servers, a recorded accept, a script that says the same, and a result."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from altis.devstack.config import PROJECT
from bench.speed.reality import Drifted, compare


def test_accepts_are_recorded_replayed_and_compared(tmp_path: Path) -> None:
    words = [
        "--quick",
        "--runs",
        "1",
        "--seconds",
        "1",
        "--workers",
        "1",
        "--only",
        "pgbench_accept",
        "--out",
        str(tmp_path),
    ]

    done = subprocess.run(
        [sys.executable, "-m", "bench", *words], cwd=PROJECT, capture_output=True, text=True, timeout=110, check=False
    )

    assert done.stderr == ""
    assert done.returncode == 0
    result = json.loads((tmp_path / "latest.json").read_text())
    assert result["cases"]["accept@16"]["errors"] == 0
    assert result["yardsticks"]["pgbench_accept"]["per_s"] > result["cases"]["accept@16"]["per_s"] > 0
    assert 0 < result["ratios"]["accept_vs_pgbench"] < 1
    assert result["facts"]["accept_statements"] > 5
    assert (tmp_path / "latest.svg").read_text().startswith("<svg")


@pytest.mark.parametrize("found", [["SELECT a"], ["SELECT a", "SELECT c"], ["SELECT a", "SELECT b", "SELECT c"]])
def test_a_script_that_says_something_else_has_drifted(found: list[str]) -> None:
    with pytest.raises(Drifted):
        compare(["SELECT a", "SELECT b"], found)


def test_a_case_that_does_not_exist_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--only", "serach"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "no such case: serach" in done.stderr
