"""Rows for the tests of the store: orders as examples of a stateful model, and events for the outbox."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any, ClassVar

from django.db import transaction

from altis.accounts.models import User
from altis.shared.actors import Cause, system
from altis.shared.clock import now
from altis.shared.events import Event
from altis.shared.ids import new_id
from altis.store import outbox
from altis.store.models import OutboxEvent
from altis.store.transition import begin
from orders.models import Order

CAUSE: Cause = system("test", "because")
_number = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Event):
    """Something happened."""

    topic: ClassVar[str] = "altis.orders"
    type: ClassVar[str] = "altis.test.noted"

    note: str = "n"


def unsaved_order(owner: User, **fields: Any) -> Order:
    """An order without parts that nobody has written yet."""
    values: dict[str, Any] = {
        "offer_id": new_id("off"),
        "expires_at": now() + timedelta(minutes=30),
        "arrives_at": now() + timedelta(days=30),
        "total_minor": 20_000,
    }
    return Order(owner=owner, **{**values, **fields})


def bare_order(owner: User, **fields: Any) -> Order:
    """The same, begun."""
    order = unsaved_order(owner, **fields)
    with transaction.atomic():
        begin(order, cause=CAUSE)
    return order


def note(subject: str, *notes: str, topic: str = "altis.orders") -> list[OutboxEvent]:
    """Events of one aggregate in the outbox, numbered from 1."""
    events = [Noted(subject=subject, sequence=number, note=text) for number, text in enumerate(notes, start=1)]
    with transaction.atomic():
        rows = outbox.record_many(events)
    OutboxEvent.objects.filter(id__in=[row.id for row in rows]).update(topic=topic)
    return list(OutboxEvent.objects.filter(subject=subject).order_by("position"))


def subject() -> str:
    """An aggregate's id that no other test uses: the broker of a run is shared."""
    return f"{new_id('tst')}.{next(_number)}"
