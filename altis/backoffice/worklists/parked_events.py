"""Events that Kafka refused for good; what their aggregates tell next waits behind them."""

from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html

from altis.backoffice.worklists.row import MOST_ROWS, Command, Row, WorkList
from altis.shared.actors import Actor
from altis.store import relay
from altis.store.admin.readonly import link_to
from altis.store.models import OutboxEvent


def waiting() -> QuerySet[OutboxEvent]:
    """Parked events."""
    return OutboxEvent.objects.filter(parked_at__isnull=False)


def _rows() -> list[Row]:
    return [
        Row(
            key=str(event.position),
            what=format_html("{} of {}", link_to("store_outboxevent", str(event.position), event.type), event.subject),
            since=event.parked_at,
            cause=f"Kafka refused it: {event.error or 'no reason given'}. "
            "Everything that this subject tells later waits behind it.",
            commands=("release",),
        )
        for event in waiting().order_by("position")[:MOST_ROWS]
    ]


def _release(key: str, _actor: Actor, _reason: str) -> str:
    released = relay.release([int(key)]) if key.isdecimal() else 0
    if released:
        return "The relay sends the event again, and then what waits behind it."
    return "The event is not parked any more."


def _event(key: str) -> Any:
    return OutboxEvent.objects.filter(position=int(key)).first() if key.isdecimal() else None


PARKED_EVENTS = WorkList(
    name="parked-events",
    title="Parked events",
    icon="outbox",
    right="store.view_outboxevent",
    hint="Refused by Kafka; their subjects are silent until they go through",
    empty="Kafka has taken every event.",
    rows=_rows,
    waiting=waiting,
    commands=(
        Command(
            name="release",
            label="Try again",
            right="store.retry_outboxevent",
            noted="Tried again",
            reasons=(("cause_removed", "What was wrong has been mended"), ("broker_is_back", "The broker is back")),
            run=_release,
            subject=_event,
        ),
    ),
)
