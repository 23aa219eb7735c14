"""Working through a run, one order a transaction. Whatever dies, the next worker goes on with the next order.

An order is asked for before it is marked, so it may be asked for twice: the second time the service refuses, and the
order is no longer disrupted, which is what was wanted.
"""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from django.db.models import Q, QuerySet

from altis.backoffice.disruption import is_disrupted
from altis.backoffice.models import BulkItem, BulkKind, BulkRun, ItemState
from altis.backoffice.services.begin_bulk import TASK
from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.store import jobs
from altis.store.database import DbNow, command, db_clock
from orders.services.rebook import rebook
from payments.services.give_back import give_back

log = structlog.get_logger(__name__)
# A run of thousands must not keep the workers from the sweeps: it works a little, and asks for its next turn.
SLICE_SECONDS = 5.0
_TAKEN = timedelta(seconds=60)


def resume_bulk() -> int:
    """Work on every run that nobody has: what a lost message or a dead worker left; returns how many orders."""
    return sum(work_bulk(run_id=id) for id in list(_free().values_list("pk", flat=True)))


def work_bulk(*, run_id: str) -> int:
    """Work on one run for a while, and ask for the next turn; returns how many orders. Nothing when somebody has it."""
    if not _take(run_id):
        return 0
    run, done, ends_at = BulkRun.objects.get(pk=run_id), 0, time.monotonic() + SLICE_SECONDS
    for item in run.items.filter(state=ItemState.WAITING).order_by("pk"):
        if time.monotonic() >= ends_at:
            break
        _work(run, item)
        done += 1
    _leave(run)
    return done


def _free() -> QuerySet[BulkRun]:
    """Runs that go on and that no worker has, or had too long."""
    free = Q(taken_until__isnull=True) | Q(taken_until__lt=DbNow())
    return BulkRun.objects.filter(free, finished_at__isnull=True)


def _take(run_id: str) -> bool:
    with command():
        return _free().filter(pk=run_id).update(taken_until=db_clock() + _TAKEN) == 1


def _leave(run: BulkRun) -> None:
    with command():
        left = run.items.filter(state=ItemState.WAITING).exists()
        finished_at = None if left else db_clock()
        BulkRun.objects.filter(pk=run.pk).update(taken_until=None, finished_at=finished_at)
        if left:
            jobs.enqueue(TASK, run.pk)


def _work(run: BulkRun, item: BulkItem) -> None:
    state, code, detail = ItemState.DONE, "", ""
    try:
        _SERVICES[BulkKind(run.kind)](run, item.order_id)
    except AltisError as refusal:
        if is_disrupted(item.order_id, run.flight_id):
            state, code, detail = ItemState.REFUSED, refusal.code, refusal.detail[:200]
    except Exception:
        # A person looks at it; the others shall not wait for that.
        log.exception("an order broke its run", run=run.pk, order_id=item.order_id)
        state, code, detail = ItemState.REFUSED, "failed", "It failed unexpectedly. The log knows more."
    with command():
        now = db_clock()
        BulkItem.objects.filter(pk=item.pk).update(state=state, code=code, detail=detail, done_at=now)
        BulkRun.objects.filter(pk=run.pk).update(taken_until=now + _TAKEN)


def _actor(run: BulkRun) -> Actor:
    return Actor("staff", run.actor.partition(":")[2])


def _rebook(run: BulkRun, order_id: str) -> None:
    rebook(
        order_id=order_id,
        from_flight=run.flight_id,
        to_flight=run.to_flight_id,
        actor=_actor(run),
        reason=run.reason,
    )


def _refund(run: BulkRun, order_id: str) -> None:
    give_back(order_id=order_id, actor=_actor(run), reason=run.reason)


_SERVICES: Mapping[BulkKind, Callable[[BulkRun, str], None]] = {BulkKind.REBOOK: _rebook, BulkKind.REFUND: _refund}
