"""What a check found, kept for the back-office: a row a run, for a week."""

from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, InterfaceError
from django.db.models import Q

from altis.insight.invariants import INVARIANTS, Source
from altis.insight.models import InvariantRun
from altis.insight.services.report import Report, Scope, State
from altis.insight.services.transactions import bounded

log = structlog.get_logger(__name__)
KEPT = timedelta(days=7)
_LATELY = timedelta(minutes=15)  # when no round of this long has told of the gate, nobody knows
_SUSPECTED = timedelta(hours=25)  # until the check of the next night
_MOST_RUNS = 200
_OF_THE_GATE = frozenset(each.number for each in INVARIANTS if each.source == Source.GATE)


def remember(report: Report) -> bool:
    """Keep what this check found, and forget what is older than a week; returns False when nothing can be kept.

    The projections may live on a server of their own: while it is away the check is announced all the same.
    """
    try:
        with bounded():
            InvariantRun.objects.filter(as_of__lt=report.as_of - KEPT).delete()
            _run_of(report).save(force_insert=True)
    except (DatabaseError, InterfaceError) as error:
        log.warning("projections away; a check is not kept", error=type(error).__name__)
        return False
    return True


def _run_of(report: Report) -> InvariantRun:
    return InvariantRun(
        scope=report.scope.value,
        as_of=report.as_of,
        seconds=report.seconds,
        asked=sum(finding.state != State.NOT_ASKED for finding in report.findings),
        broken=[
            {
                "number": finding.invariant.number,
                "title": finding.invariant.title,
                "found": finding.found,
                "ids": list(finding.ids),
            }
            for finding in report.violated
        ],
        unasked=[finding.invariant.number for finding in report.findings if finding.state == State.NOT_ASKED],
    )


def last_run(scope: str) -> InvariantRun | None:
    """The newest check of this scope: `recent` or `everything`."""
    return InvariantRun.objects.filter(scope=scope).order_by("-as_of").first()


def gate_suspects(at: datetime) -> list[int] | None:
    """Inventories whose gate a check of the last day found wrong; they may be right again. None when none told lately.

    A day and not the newest check alone: that one has looked at what changed in ten minutes. One query.
    """
    found_something = ~Q(broken=[])
    runs = InvariantRun.objects.filter(
        Q(as_of__gt=at - _LATELY) | found_something,
        scope__in=[scope.value for scope in Scope],
        as_of__gt=at - _SUSPECTED,
    ).order_by("-as_of")[:_MOST_RUNS]
    if not any(run.as_of > at - _LATELY and _OF_THE_GATE.isdisjoint(run.unasked) for run in runs):
        return None
    found = [each for run in runs for each in run.broken if each["number"] in _OF_THE_GATE]
    return sorted({int(id) for each in found for id in each["ids"]})
