"""From the outbox to Kafka: at least once, in order per aggregate, one active relay among many.

A row is marked published only when the broker confirmed it, and never past the first unconfirmed event of the same
aggregate. An event that the broker refuses for good is parked: its aggregate waits, the others flow.
"""

from collections.abc import Sequence

import orjson
import structlog
from django.db import connection, transaction

from altis.shared.clock import iso
from altis.store.database import DbNow
from altis.store.failpoints import failpoint
from altis.store.kafka import EventProducer, Message, Receipt
from altis.store.models import OutboxEvent

log = structlog.get_logger(__name__)
BATCH = 500
_LEADER_LOCK = 0x616C7469  # "alti"


def lead() -> bool:
    """Try to become the one active relay; the lock lasts as long as this database session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LEADER_LOCK])
        return bool(cursor.fetchone()[0])


def drain(producer: EventProducer, *, limit: int = BATCH) -> int:
    """Publish one batch and mark what was confirmed; returns how many events were confirmed or parked."""
    events = waiting(limit)
    if not events:
        return 0
    failpoint("relay.after_read")
    receipts = producer.publish([as_message(event) for event in events])
    failpoint("relay.after_produce")
    sent, poison = settle(events, receipts)
    with transaction.atomic():
        failpoint("relay.before_mark")
        OutboxEvent.objects.filter(position__in=[event.position for event in sent]).update(published_at=DbNow())
        for event, error in poison:
            log.error("event parked", event_id=event.id, type=event.type, error=error)
            OutboxEvent.objects.filter(position=event.position).update(parked_at=DbNow(), error=error)
    return len(sent) + len(poison)


def waiting(limit: int) -> list[OutboxEvent]:
    """The oldest unpublished events, leaving out aggregates that have a parked one."""
    parked = OutboxEvent.objects.filter(parked_at__isnull=False).values("subject")
    ready = OutboxEvent.objects.filter(published_at__isnull=True, parked_at__isnull=True)
    return list(ready.exclude(subject__in=parked).order_by("position")[:limit])


def settle(
    events: Sequence[OutboxEvent], receipts: Sequence[Receipt]
) -> tuple[list[OutboxEvent], list[tuple[OutboxEvent, str]]]:
    """Which events may be marked published, and which are parked: per aggregate nothing after its first failure."""
    sent: list[OutboxEvent] = []
    poison: list[tuple[OutboxEvent, str]] = []
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


def as_message(event: OutboxEvent) -> Message:
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
    headers = {"id": event.id, "seq": str(event.sequence), "type": event.type, **event.headers}
    return Message(event.topic, event.subject, orjson.dumps(envelope), tuple(headers.items()))
