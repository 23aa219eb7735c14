"""Events are announced in the same breath as the change: a row in the caller's transaction."""

from collections.abc import Sequence

from django.db import connection

from altis.shared.events import Event
from altis.store import rows as writing
from altis.store.making import make
from altis.store.models import OutboxEvent


def record(event: Event, *, id: str | None = None) -> OutboxEvent:
    """Write one event into the caller's transaction. `id` joins it to the history row of the same change."""
    [row] = record_many([event], ids=[id] if id else None)
    return row


def record_many(events: Sequence[Event], *, ids: Sequence[str] | None = None) -> list[OutboxEvent]:
    """Write many events, in their order; raises RuntimeError outside a transaction.

    Their positions are not known until they are read again.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of the change it announces")
    rows = [
        make(
            OutboxEvent,
            topic=event.topic,
            type=event.type,
            subject=event.subject,
            sequence=event.sequence,
            payload=event.payload(),
        )
        for event in events
    ]
    for row, id in zip(rows, ids or (), strict=bool(ids)):
        row.id = id
    writing.insert(rows)
    return rows
