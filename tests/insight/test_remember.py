"""What a check found is kept for a week, for the back-office to show."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from structlog.testing import capture_logs

from altis.insight.invariants import numbered
from altis.insight.models import InvariantRun
from altis.insight.runs import gate_suspects, last_run
from altis.insight.services import remember as service
from altis.insight.services.remember import remember
from altis.insight.services.report import Finding, Report, Scope

pytestmark = pytest.mark.django_db(databases=["default", "analytics"], transaction=True)
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
[I1], [I7], [I8] = numbered("I1"), numbered("I7"), numbered("I8")


def _report(*findings: Finding, at: datetime = NOON, scope: Scope = Scope.RECENT) -> Report:
    return Report(scope, quiesced=False, as_of=at, seconds=1.5, findings=findings)


def test_a_run_tells_what_broke_and_what_nobody_answered() -> None:
    remember(_report(Finding(I1, 2, ["7", "9"]), Finding(I7, None)))

    run = last_run(Scope.RECENT)

    assert run is not None
    assert (run.as_of, run.asked, run.unasked) == (NOON, 1, ["I7"])
    assert run.broken == [{"number": "I1", "title": I1.title, "found": 2, "ids": ["7", "9"]}]
    assert last_run(Scope.EVERYTHING) is None


def test_the_newest_run_of_a_scope_is_the_last_one() -> None:
    remember(_report(Finding(I1, 1, ["7"])))
    remember(_report(Finding(I1, 0), at=NOON + timedelta(minutes=1)))

    run = last_run(Scope.RECENT)

    assert run is not None
    assert run.broken == []


def test_runs_are_forgotten_after_a_week() -> None:
    remember(_report(at=NOON))
    remember(_report(at=NOON + timedelta(days=7)))
    assert InvariantRun.objects.count() == 2

    remember(_report(at=NOON + timedelta(days=7, seconds=1)))

    assert InvariantRun.objects.filter(as_of=NOON).exists() is False


def test_what_both_invariants_say_of_the_gate_is_suspected() -> None:
    assert gate_suspects(NOON) is None

    remember(_report(Finding(I7, 2, ["4", "10"]), Finding(I8, 1, ["3"]), Finding(I1, 1, ["99"])))
    remember(_report(Finding(I7, 1, ["7"]), Finding(I8, 0), at=NOON - timedelta(hours=9), scope=Scope.EVERYTHING))

    assert gate_suspects(NOON) == [3, 4, 7, 10]


def test_a_check_of_the_gate_is_believed_for_a_quarter_of_an_hour() -> None:
    remember(_report(Finding(I7, 0), Finding(I8, 1, ["3"])))

    assert gate_suspects(NOON + timedelta(minutes=14, seconds=59)) == [3]
    assert gate_suspects(NOON + timedelta(minutes=15)) is None


def test_who_was_suspected_once_is_so_for_a_day_though_later_checks_look_elsewhere() -> None:
    remember(_report(Finding(I7, 1, ["7"]), Finding(I8, 0)))
    for hours in (24, 25):
        remember(_report(Finding(I7, 0), Finding(I8, 0), at=NOON + timedelta(hours=hours)))

    assert gate_suspects(NOON + timedelta(hours=24)) == [7]
    assert gate_suspects(NOON + timedelta(hours=25)) == []


def test_what_else_is_broken_meanwhile_hides_no_suspect() -> None:
    remember(_report(Finding(I7, 1, ["7"]), Finding(I8, 0)))
    InvariantRun.objects.bulk_create(
        InvariantRun(
            scope=Scope.RECENT,
            as_of=NOON + timedelta(minutes=minutes),
            seconds=1,
            asked=30,
            broken=[{"number": "I1", "title": I1.title, "found": 1, "ids": ["99"]}],
        )
        for minutes in range(1, 601)
    )

    assert gate_suspects(NOON + timedelta(minutes=601)) == [7]


def test_a_gate_that_did_not_answer_was_not_checked() -> None:
    remember(_report(Finding(I7, None), Finding(I8, None)))

    assert gate_suspects(NOON) is None


def test_a_check_that_cannot_be_kept_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError

    monkeypatch.setattr(service, "bounded", away)

    with capture_logs() as lines:
        kept = remember(_report(Finding(I1, 1, ["7"])))

    assert (kept, InvariantRun.objects.exists()) == (False, False)
    assert [line["event"] for line in lines] == ["projections away; a check is not kept"]
