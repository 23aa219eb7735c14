"""What the topics have lost comes from the outbox: published events that nobody has projected, in order of position.

A broker that came back without its state has forgotten events that it had confirmed; the outbox still has their rows.
The checkpoint spares reading the whole table: up to its position everything published is known to be projected.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connections
from django.db.models import Max, Min, QuerySet

from altis.insight.models import Checkpoint, OwedEvent, SeenEvent
from altis.insight.projections.facts import Fact, whole_milliseconds
from altis.insight.routing import ANALYTICS
from altis.insight.services.project import Projected, project_facts
from altis.insight.services.transactions import bounded
from altis.store.models import OutboxEvent
from altis.telemetry import metrics

log = structlog.get_logger(__name__)
PERIOD = timedelta(seconds=60)
# Positions are given out before they are committed, so a lower one may appear after a higher one. By then every
# transaction that had one when the horizon was read has ended: all its waits are bounded far below this.
SETTLED = timedelta(seconds=60)
_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Scan:
    """Where a look at the outbox begins, and how far the checkpoint may follow when it is through."""

    after: int
    target: int
    newest: int
    settled: bool
    generation: int
    owed: tuple[tuple[int, datetime], ...]


def catch_up(*, at_once: bool, stopped: Callable[[], bool] = bool) -> Projected:
    """Project every published event that is not projected yet. Unless `at_once`, only if no consumer lately did.

    Stopped half-way it leaves the checkpoint where it was; what it has projected stays.
    """
    begun = _begin(at_once=at_once)
    if begun is None:
        return Projected()
    # What is published while the scan runs may be behind it already, so the checkpoint is planned before.
    scan = _plan(*begun)
    done = _pay_owed()
    for rows in _published_after(scan.after):
        if stopped():
            return done
        done += _project_unknown(rows)
    _advance(scan)
    if done.applied:
        log.info("caught up from the outbox", events=done.applied, position=scan.target)
    return done


def _begin(*, at_once: bool) -> tuple[Checkpoint, datetime] | None:
    with bounded():
        Checkpoint.objects.bulk_create([Checkpoint(id=1)], ignore_conflicts=True)
        checkpoint = Checkpoint.objects.select_for_update().get(pk=1)
        clock = real_clock()
        if not at_once and checkpoint.looked_at is not None and clock - checkpoint.looked_at < PERIOD:
            return None
        Checkpoint.objects.filter(pk=1).update(looked_at=clock)
    return checkpoint, clock


def _plan(checkpoint: Checkpoint, clock: datetime) -> _Scan:
    newest = OutboxEvent.objects.aggregate(newest=Max("position"))["newest"] or 0
    after, horizon, since = checkpoint.position, checkpoint.horizon, checkpoint.horizon_at
    if newest < after:
        log.error("the outbox went back: reading all of it", newest=newest, checkpoint=after)
        return _Scan(0, 0, newest, True, checkpoint.generation, ())
    settled = since is None or clock - since >= SETTLED
    ceiling = max(after, min(horizon, newest)) if horizon is not None and settled else after
    unpublished = OutboxEvent.objects.filter(published_at__isnull=True, position__gt=after, position__lte=ceiling)
    first = _ready(unpublished).aggregate(first=Min("position"))["first"]
    target = ceiling if first is None else first - 1
    owed = unpublished.filter(position__lte=target).values_list("position", "created_at")
    return _Scan(after, target, newest, settled, checkpoint.generation, tuple(owed))


def _ready(unpublished: QuerySet[OutboxEvent]) -> QuerySet[OutboxEvent]:
    """Those that the relay will publish by itself; the others wait for somebody to look at a parked one."""
    parked = OutboxEvent.objects.filter(parked_at__isnull=False).values("subject")
    return unpublished.filter(parked_at__isnull=True).exclude(subject__in=parked)


def _pay_owed() -> Projected:
    """Events that the checkpoint passed unpublished, and that are published by now."""
    done = Projected()
    owed = list(OwedEvent.objects.order_by("position").values_list("position", flat=True))
    for start in range(0, len(owed), _BATCH):
        positions = owed[start : start + _BATCH]
        rows = OutboxEvent.objects.filter(position__in=positions).values_list("position", "id", "published_at")
        done += _project_unknown([(position, id) for position, id, published_at in rows if published_at])
        waiting = {position for position, _, published_at in rows if published_at is None}
        OwedEvent.objects.filter(position__in=set(positions) - waiting).delete()
    return done


def _published_after(position: int) -> Iterator[list[tuple[int, str]]]:
    rows = OutboxEvent.objects.filter(published_at__isnull=False).order_by("position").values_list("position", "id")
    while batch := list(rows.filter(position__gt=position)[:_BATCH]):
        yield batch
        position = batch[-1][0]


def _project_unknown(rows: Sequence[tuple[int, str]]) -> Projected:
    known = set(SeenEvent.objects.filter(pk__in=[id for _, id in rows]).values_list("pk", flat=True))
    missing = [position for position, id in rows if id not in known]
    events = OutboxEvent.objects.filter(position__in=missing).order_by("position")
    return project_facts([(event.position, _fact(event)) for event in events]) if missing else Projected()


def _fact(event: OutboxEvent) -> Fact:
    return Fact(
        id=event.id,
        type=event.type,
        topic=event.topic,
        subject=event.subject,
        sequence=event.sequence,
        at=whole_milliseconds(event.created_at.astimezone(UTC)),
        data=event.payload,
    )


def _advance(scan: _Scan) -> None:
    """Move the checkpoint, never back but for an outbox that went back itself; void after a rebuild."""
    with bounded():
        checkpoint = Checkpoint.objects.select_for_update().get(pk=1)
        if checkpoint.generation != scan.generation:
            return
        OwedEvent.objects.bulk_create(
            [OwedEvent(position=position, occurred_at=at) for position, at in scan.owed], ignore_conflicts=True
        )
        went_back = scan.newest < checkpoint.position
        checkpoint.position = scan.target if went_back else max(checkpoint.position, scan.target)
        if scan.settled:
            checkpoint.horizon, checkpoint.horizon_at = scan.newest, real_clock()
        checkpoint.save(update_fields=["position", "horizon", "horizon_at"])
    metrics.projection_lag.set(max(0, scan.newest - checkpoint.position))


def real_clock() -> datetime:
    """The clock of the projections' database: the one that no test moves."""
    with connections[ANALYTICS].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        clock: datetime = cursor.fetchone()[0]
    return clock
