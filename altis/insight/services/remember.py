"""What a check found, kept for the back-office: a row a run, for a week."""

from datetime import timedelta

import structlog
from django.db import DatabaseError, InterfaceError

from altis.insight.models import InvariantRun
from altis.insight.services.report import Report, State
from altis.insight.services.transactions import bounded

log = structlog.get_logger(__name__)
KEPT = timedelta(days=7)


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
