"""What a check found, for those who watch: gauges, and a log line per violation."""

import time

import structlog

from altis.insight.services.report import Report, State
from altis.telemetry import metrics

log = structlog.get_logger(__name__)
_FIRST_IDS = 5


def announce(report: Report) -> None:
    """Set the gauges of this scope and log every violation; what could not be asked keeps its gauge."""
    for finding in report.findings:
        if finding.found is None:
            continue
        metrics.invariant_violations.labels(finding.invariant.number, report.scope.value).set(finding.found)
        if finding.state == State.VIOLATED:
            log.error(
                "invariant violated",
                invariant=finding.invariant.number,
                title=finding.invariant.title,
                found=finding.found,
                ids=list(finding.ids[:_FIRST_IDS]),
                scope=report.scope.value,
            )
    metrics.invariants_checked.labels(report.scope.value).set(time.time())
