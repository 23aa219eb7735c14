"""From the outbox to Kafka: at least once, in order per aggregate, one active relay among many.

A row is marked published only when the broker confirmed it, and never past the first unconfirmed event of the same
aggregate. An event that the broker refuses for good is parked: its aggregate waits, the others flow.

Two relays at work at once, which a session that ends at the wrong moment can bring about, would send duplicates and
nothing worse: each sends, per aggregate, a run of events that begins at the first one unpublished.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

import orjson
import structlog
from django.db import connection, transaction

from altis.shared.clock import iso
from altis.store.database import DbNow
from altis.store.failpoints import failpoint
from altis.store.kafka import EventProducer
from altis.store.messages import Message, Receipt
from altis.store.models import OutboxEvent
from altis.store.pipeline import put
from altis.store.statements import Row
from altis.telemetry import metrics

log = structlog.get_logger(__name__)
BATCH = 4000  # one wait for the broker, one read and one write each: smaller ones fall behind a full shop
_LEADER_LOCK = 0x616C7469  # "alti"
# Read so long ago, a batch may be old news: another relay may have led meanwhile, and its broker come back empty.
_STALE_SECONDS = 5.0
E = TypeVar("E", bound="HasSubject")


class HasSubject(Protocol):
    """What belongs to an aggregate."""

    @property
    def subject(self) -> str:
        """Id of the aggregate."""


class Waiting(NamedTuple):
    """An unpublished row as it is read: its payload stays the text that PostgreSQL keeps."""

    position: int
    id: str
    topic: str
    type: str
    subject: str
    sequence: int
    payload: orjson.Fragment
    headers: Mapping[str, Any]
    created_at: datetime


def lead() -> bool:
    """Whether this database session is the one active relay's, or becomes it now. Ask before every batch.

    The lock lasts as long as the session, and the session that has it is given it again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LEADER_LOCK])
        return bool(cursor.fetchone()[0])


def drain(producer: EventProducer, *, limit: int = BATCH) -> int:
    """Publish one batch and mark what was confirmed; returns how many events were confirmed or parked."""
    read_at = time.monotonic()
    events = waiting(limit)
    if not events:
        return 0
    failpoint("relay.after_read")
    if time.monotonic() - read_at > _STALE_SECONDS:
        log.warning("batch is old, reading it again")
        return 0
    receipts = producer.publish([as_message(event) for event in events])
    failpoint("relay.after_produce")
    sent, poison = settle(events, receipts)
    with transaction.atomic():
        failpoint("relay.before_mark")
        _mark(sent)
        for event, error in poison:
            log.error("event parked", event_id=event.id, type=event.type, subject=event.subject, error=error)
            _park(event, error)
    return len(sent) + len(poison)


def waiting(limit: int) -> list[Waiting]:
    """The oldest unpublished events, leaving out aggregates that have a parked one."""
    return [_as_read(row) for row in put(_WAITING, limit).rows()]


def settle(events: Sequence[E], receipts: Sequence[Receipt]) -> tuple[list[E], list[tuple[E, str]]]:
    """Which events may be marked published, and which are parked: per aggregate nothing after its first failure."""
    sent: list[E] = []
    poison: list[tuple[E, str]] = []
    stopped: set[str] = set()
    for event, receipt in zip(events, receipts, strict=True):
        if event.subject in stopped:
            continue
        if receipt.outcome == "sent":
            sent.append(event)
            continue
        stopped.add(event.subject)
        if receipt.outcome == "poison":
            poison.append((event, receipt.error))
    return sent, poison


def release(positions: Iterable[int]) -> int:
    """Let the relay try parked events again, and with them their aggregates; returns how many were parked."""
    return OutboxEvent.objects.filter(position__in=list(positions), parked_at__isnull=False).update(
        parked_at=None, error=""
    )


def measure() -> None:
    """Set the gauges: events that wait, the age of the oldest, events that are parked."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES)
        waits, oldest, parked = cursor.fetchone()
    metrics.outbox_waiting.set(waits)
    metrics.outbox_oldest.set(oldest)
    metrics.outbox_parked.set(parked)


# Index scans only: the published rows, which are nearly all, are not looked at.
_FIGURES = """
SELECT (SELECT count(*) FROM store_outboxevent WHERE published_at IS NULL AND parked_at IS NULL),
       coalesce((SELECT extract(epoch FROM altis_now() - created_at)::float8 FROM store_outboxevent
                 WHERE published_at IS NULL AND parked_at IS NULL ORDER BY position LIMIT 1), 0),
       (SELECT count(*) FROM store_outboxevent WHERE parked_at IS NOT NULL)
"""


def as_message(event: "OutboxEvent | Waiting") -> Message:
    """The event as CloudEvents 1.0 JSON, keyed by its aggregate."""
    envelope = {
        "specversion": "1.0",
        "id": event.id,
        "source": "/" + event.topic.replace(".", "/"),
        "type": event.type,
        "subject": event.subject,
        "time": iso(event.created_at),
        "datacontenttype": "application/json",
        "sequence": event.sequence,
        "data": event.payload,
    }
    headers = {"id": event.id, "seq": event.sequence, "type": event.type, **event.headers}
    texts = tuple([(name, str(value)) for name, value in headers.items()])
    return Message(event.topic, event.subject, _encode(envelope), texts)


def _encode(envelope: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(envelope)
    except TypeError:  # an integer of more than 64 bits, which PostgreSQL keeps and the slower encoder writes
        return json.dumps(envelope).encode()


def _as_read(row: Row) -> Waiting:
    position, name, topic, kind, subject, sequence, payload, headers, created_at = map(str, row)
    return Waiting(
        int(position),
        name,
        topic,
        kind,
        subject,
        int(sequence),
        orjson.Fragment(payload),
        orjson.loads(headers),
        datetime.fromisoformat(created_at),
    )


_WAITING = b"""
SELECT position, id, topic, type, subject, sequence, payload, headers, created_at FROM store_outboxevent
WHERE published_at IS NULL AND parked_at IS NULL
  AND subject NOT IN (SELECT subject FROM store_outboxevent WHERE parked_at IS NOT NULL)
ORDER BY position LIMIT $1::int
"""
# Both change only what nobody has marked yet: the word of a relay that was late changes nothing.
_MARK = """
UPDATE store_outboxevent SET published_at = altis_now()
WHERE position = ANY(%s) AND published_at IS NULL AND parked_at IS NULL
"""


def _mark(sent: Iterable[Waiting]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [[event.position for event in sent]])


def _park(event: Waiting, error: str) -> None:
    unsettled = OutboxEvent.objects.filter(pk=event.position, published_at__isnull=True, parked_at__isnull=True)
    unsettled.update(parked_at=DbNow(), error=error)
