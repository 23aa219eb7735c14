"""What a run says of itself: when it has passed, and what stands in its report."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.torture.figures import figures
from bench.torture.quiesce import Quiet
from bench.torture.report import markdown, write_report, write_summary
from bench.torture.result import Result, nothing_happened
from bench.torture.rules.recovery import counted_from_healing, recovery
from bench.torture.scenes import SceneResult
from bench.torture.verdict import Verdict, Violation
from tests.bench.lies import true_story

_FAULT = {"at": 3.2, "fault": "P1 kill -9 postgres", "detail": "process 7", "healed_at": 5.0}
_QUIET = Quiet(1.0, 2.0, 3.0, 20.0)


def _result() -> Result:
    return Result(
        seed=7,
        minutes=2,
        seconds={"load": 120.0},
        figures=figures(true_story(), seconds=120),
        faults=[_FAULT],
        recovery={"seconds_until_gate_equals_ledger": 2.0, "seconds_until_serving": 1.0},
        verdicts=[Verdict("H1", "it is true", 5)],
    )


def test_a_run_without_orders_or_faults_proves_nothing() -> None:
    assert nothing_happened(_result()) == []
    assert nothing_happened(Result(seed=1, minutes=1)) == ["no order was placed", "no fault struck"]


def test_a_run_passes_only_when_nothing_is_wrong() -> None:
    result = _result()

    assert result.passed
    assert not replace(result, trouble=["no fault struck"]).passed
    assert not replace(result, verdicts=[Verdict("H1", "it is true", 5, (Violation("a lie"),))]).passed
    assert not replace(result, scenes=[SceneResult(name="away", passed=False)]).passed


def test_the_page_names_command_faults_checks_and_evidence() -> None:
    lie = Violation("ord_1 was PAID and is EXPIRED", ("1.0-1.1 c0 POST",))
    page = markdown(replace(_result(), verdicts=[Verdict("H1", "it is true", 5, (lie,))]))

    assert page.startswith("# Torture: seed 7, FAILED")
    assert "`make torture SEED=7 MINUTES=2`" in page
    assert "| H1 | it is true | 5 | 1 |" in page
    assert "**H1** ord_1 was PAID and is EXPIRED" in page
    assert "| 3.2 | 5.0 | P1 kill -9 postgres | process 7 |" in page
    assert "gate equals ledger 2.0" in page


def test_both_forms_are_written_and_the_summary_adds_up(tmp_path: Path) -> None:
    page = write_report(_result(), tmp_path, name="run")
    summary = write_summary([_result(), replace(_result(), seed=8)], tmp_path, name="summary").read_text()

    told = json.loads(page.with_suffix(".json").read_text())
    assert told["passed"] is True
    assert told["figures"]["orders_acknowledged"] == 3
    assert "| all | passed | 6 | 26 | 2 | 0 | 2.0 | 1.0 |" in summary


def test_recovery_is_counted_from_when_healing_began() -> None:
    quiet = counted_from_healing(replace(_QUIET, seconds_until_decided=None), late=4.0)

    assert quiet == Quiet(5.0, 6.0, 7.0, None)


@pytest.mark.parametrize(
    ("quiet", "found"),
    [
        (_QUIET, []),
        (replace(_QUIET, seconds_until_serving=31.0), ["seconds until serving: 31.0, not 30"]),
        (
            replace(_QUIET, seconds_until_gate_equals_ledger=None),
            ["seconds until gate equals ledger: too many, not 30"],
        ),
        (replace(_QUIET, open_at_the_end={"refunds": 1}), ["refunds: 1 still open at the end"]),
    ],
)
def test_a_stack_that_does_not_recover_in_time_is_found(quiet: Quiet, found: list[str]) -> None:
    assert [each.text for each in recovery(quiet).violations] == found
