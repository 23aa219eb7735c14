"""Jobs of insight."""

from celery import shared_task

from altis.insight.services.announce import announce
from altis.insight.services.check import check_invariants
from altis.insight.services.purge import purge_inbox as purge
from altis.insight.services.remember import remember
from altis.insight.services.report import Scope


@shared_task(name="insight.purge_inbox")
def purge_inbox() -> int:
    """Let the projections' inbox forget what is a month old; returns how many ids."""
    return purge()


@shared_task(name="insight.check_recent")
def check_recent() -> int:
    """Check the invariants of what changed in the last ten minutes; returns how many are violated."""
    return _check(Scope.RECENT)


@shared_task(name="insight.check_all", time_limit=2 * 3600)
def check_all() -> int:
    """Check the invariants of everything; returns how many are violated."""
    return _check(Scope.EVERYTHING)


def _check(scope: Scope) -> int:
    report = check_invariants(scope=scope)
    announce(report)
    remember(report)
    return len(report.violated)
