"""Events into figures: each event once, whatever brings it and however often."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import structlog
from django.db import DataError, IntegrityError, connections

from altis.insight.models import Checkpoint, SeenEvent, StrayMessage
from altis.insight.projections.changes import Change, changes_of
from altis.insight.projections.facts import Fact, Unreadable, read
from altis.insight.projections.writing import write
from altis.insight.routing import ANALYTICS
from altis.insight.services.transactions import bounded
from altis.shared.clock import now
from altis.store.database import retried
from altis.store.kafka_consumer import Record
from altis.telemetry import metrics

log = structlog.get_logger(__name__)
# Topics whose aggregates tell every version. One change of an inventory may count several.
_UNBROKEN = frozenset(("altis.orders", "altis.payments"))
_KEPT_BYTES = 1000
# Sorted, so that of two consumers with the same events one waits for the other, and never each for both.
_CLAIM = f"""
INSERT INTO {SeenEvent._meta.db_table} (id, topic, subject, sequence, occurred_at, source)
SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[], %s::text[])
ON CONFLICT (id) DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class _Item:
    """One message on its way: where it stood, the event in it, what it changes, or why it cannot be read."""

    record: Record
    fact: Fact | None = None
    changes: tuple[Change, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Projected:
    """How many events were new, and how many aggregates turned out to miss an earlier one."""

    applied: int = 0
    gaps: int = 0

    def __add__(self, other: "Projected") -> "Projected":
        return Projected(self.applied + other.applied, self.gaps + other.gaps)


def project_records(records: Sequence[Record]) -> Projected:
    """Project what was read from topics. What cannot be read is kept as a stray message, and stops nothing."""
    return _project([_item(record) for record in records], source="topic")


def project_facts(facts: Sequence[tuple[int, Fact]]) -> Projected:
    """The same for events of the outbox, each with its position there."""
    items = [_understood(Record("outbox", 0, position, fact.id.encode()), fact) for position, fact in facts]
    return _project(items, source="outbox")


def _item(record: Record) -> _Item:
    try:
        return _understood(record, read(record.value, topic=record.topic))
    except Unreadable as fault:
        return _Item(record, fault=str(fault))


def _understood(record: Record, fact: Fact) -> _Item:
    try:
        return _Item(record, fact, tuple(changes_of(fact)))
    except Unreadable as fault:
        return _Item(record, fact, fault=str(fault))


def _project(items: Sequence[_Item], *, source: str) -> Projected:
    """One transaction; when the database refuses a value, halves, until the one that it refuses stands alone."""
    if not items:
        return Projected()
    try:
        done = retried(lambda: _write(items, source))
    except (DataError, IntegrityError) as error:
        if len(items) > 1:
            middle = len(items) // 2
            return _project(items[:middle], source=source) + _project(items[middle:], source=source)
        if items[0].fault:
            log.exception("stray message that cannot even be kept", topic=items[0].record.topic)
            return Projected()
        return _project([replace(items[0], changes=(), fault=type(error).__name__)], source=source)
    for item in items:
        if item.fault:
            metrics.projected_events.labels(source, "stray").inc()
            log.error("stray message", topic=item.record.topic, offset=item.record.offset, reason=item.fault)
    return done


def _write(items: Sequence[_Item], source: str) -> Projected:
    with bounded():
        known = {item.fact.id: item for item in items if item.fact is not None}
        fresh = _claim([item.fact for item in known.values() if item.fact is not None], source)
        gaps = _gaps(fresh) if source == "topic" else 0
        write([change for fact in fresh for change in known[fact.id].changes])
        _keep([item for item in items if item.fault])
    metrics.projected_events.labels(source, "applied").inc(len(fresh))
    metrics.projected_events.labels(source, "repeated").inc(len(known) - len(fresh))
    if fresh and source == "topic":
        age = now() - max(fact.at for fact in fresh)
        metrics.projection_delay.set(max(0.0, age.total_seconds()))
    return Projected(len(fresh), gaps)


def _claim(facts: Sequence[Fact], source: str) -> list[Fact]:
    """Those of these events that nobody has projected: from now on they are."""
    rows = [
        (fact.id, fact.topic, fact.subject, fact.sequence, fact.at, source)
        for fact in sorted(facts, key=lambda fact: fact.id)
    ]
    if not rows:
        return []
    with connections[ANALYTICS].cursor() as cursor:
        cursor.execute(_CLAIM, [list(column) for column in zip(*rows, strict=True)])
        mine = {id for (id,) in cursor.fetchall()}
    # Asked after the claim: an id that a purge took away meanwhile is older than what that purge wrote here.
    forgotten = Checkpoint.objects.values_list("forgotten_before", flat=True).first()
    return [fact for fact in facts if fact.id in mine and (forgotten is None or fact.at >= forgotten)]


def _gaps(fresh: Iterable[Fact]) -> int:
    """How many aggregates have told a version without the one before it."""
    told: dict[str, list[int]] = {}
    for fact in fresh:
        if fact.topic in _UNBROKEN:
            told.setdefault(fact.subject, []).append(fact.sequence)
    if not told:
        return 0
    gaps = 0
    earlier = _highest_before({subject: min(sequences) for subject, sequences in told.items()})
    for subject, sequences in told.items():
        expected = earlier.get(subject, 0) + 1
        for sequence in sorted(sequences):
            if sequence > expected:
                gaps += 1
                log.warning("gap in the events of an aggregate", subject=subject, expected=expected, came=sequence)
                break
            expected = max(expected, sequence + 1)
    return gaps


def _highest_before(first: dict[str, int]) -> dict[str, int]:
    """The highest version below the given one that each aggregate has told."""
    rows = SeenEvent.objects.filter(subject__in=first).values("subject", "sequence")
    found: dict[str, int] = {}
    for row in rows.iterator():
        if row["sequence"] < first[row["subject"]]:
            found[row["subject"]] = max(found.get(row["subject"], 0), row["sequence"])
    return found


def _keep(strays: Sequence[_Item]) -> None:
    rows = [
        StrayMessage(
            topic=stray.record.topic,
            partition=stray.record.partition,
            offset=stray.record.offset,
            reason=stray.fault[:200],
            value=(stray.record.value or b"")[:_KEPT_BYTES],
        )
        for stray in strays
    ]
    StrayMessage.objects.bulk_create(rows, ignore_conflicts=True)
