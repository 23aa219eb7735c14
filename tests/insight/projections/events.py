"""Events for the tests: as facts, as messages of a topic, as rows of the outbox; and the figures that came of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import orjson
from django.db import transaction

from altis.insight.models import (
    DailyAcceptance,
    DailyOrders,
    DailyProductSales,
    DailySales,
    InventoryLoad,
    OrdersByStatus,
    RefundedPayment,
)
from altis.insight.services.project import project_records
from altis.shared.ids import new_id
from altis.store.kafka_consumer import Record
from altis.store.models import OutboxEvent
from altis.store.relay import as_message

BOTH = ["default", "analytics"]
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
FIGURES = (
    DailySales,
    DailyProductSales,
    DailyOrders,
    OrdersByStatus,
    DailyAcceptance,
    InventoryLoad,
    RefundedPayment,
)
_offsets = count(1)


@dataclass(frozen=True)
class Told:
    """One event, before it is put anywhere."""

    type: str
    subject: str
    sequence: int
    data: dict[str, Any]
    topic: str
    at: datetime = NOON
    id: str = field(default_factory=lambda: new_id("evt"))

    def value(self) -> bytes:
        """As a CloudEvent."""
        return as_message(self.row()).value

    def record(self) -> Record:
        """As a message; each stands on a place of its own."""
        return Record(self.topic, 0, next(_offsets), self.value())

    def row(self) -> OutboxEvent:
        """As an unsaved row of the outbox."""
        fields = {"topic": self.topic, "type": self.type, "subject": self.subject, "sequence": self.sequence}
        return OutboxEvent(id=self.id, payload=self.data, created_at=self.at, **fields)


def money(amount: str, currency: str = "USD") -> dict[str, str]:
    """As events tell it."""
    return {"amount": amount, "currency": currency}


def order(status: str, sequence: int, *, subject: str = "", at: datetime = NOON, **data: Any) -> Told:
    """A move of an order: a flight at 200.00 with two bags at 45.00."""
    lines = [
        {"type": "flight", "quantity": 1, "units": 1, "total": money("200.00")},
        {"type": "bag", "quantity": 2, "units": 0, "total": money("90.00")},
    ]
    told = {"status": status.upper(), "came_from": None, "reason": "because", "total": money("290.00"), "lines": lines}
    return Told(f"altis.order.{status}", subject or new_id("ord"), sequence, {**told, **data}, "altis.orders", at)


def bought(subject: str = "", *, at: datetime = NOON) -> list[Told]:
    """The moves of an order from its place to its documents."""
    subject = subject or new_id("ord")
    before = [None, "PROPOSED", "PAYMENT_PENDING", "PAID"]
    names = ["proposed", "payment_pending", "paid", "fulfilled"]
    return [
        order(name, number, subject=subject, at=at, came_from=before[number - 1])
        for number, name in enumerate(names, start=1)
    ]


def payment(status: str, sequence: int, subject: str, *, at: datetime = NOON, came_from: str | None = None) -> Told:
    """A move of a payment of 290.00."""
    data = {"order_id": "ord_1", "status": "S", "came_from": came_from, "amount": money("290.00"), "reason": "because"}
    return Told(f"altis.payment.{status}", subject, sequence, data, "altis.payments", at)


def inventory(number: int, version: int, *, sold: int, held: int = 0, **data: Any) -> Told:
    """An inventory of 100 as it was at a version."""
    figures = {"flight_id": "flt_1", "cabin": "economy", "product_id": None, "capacity": 100, "held": held}
    told = {**figures, "sold": sold, "available": 100 - sold - held, "reason": "because", **data}
    return Told("altis.inventory.sold", f"inv_{number}", version, told, "altis.inventory")


def search(outcome: str = "expired", *, at: datetime = NOON, **data: Any) -> Told:
    """The end of a search that showed three offers."""
    told = {"outcome": outcome, "chosen": "", "offers": 3, **data}
    return Told("altis.search.expired", new_id("sch"), 1, told, "altis.offers", at)


def records(events: Iterable[Told]) -> list[Record]:
    """All as messages."""
    return [event.record() for event in events]


def project(*told: Told) -> None:
    """Bring the projections up to date with these events alone."""
    project_records(records(told))


def in_outbox(events: Sequence[Told], *, published: bool = True) -> list[OutboxEvent]:
    """All as rows, committed in this order."""
    rows = [event.row() for event in events]
    for row in rows:
        row.published_at = NOON if published else None
    with transaction.atomic():
        return OutboxEvent.objects.bulk_create(rows)


def figures() -> dict[str, list[tuple[Any, ...]]]:
    """Every projection as plain values."""
    tables = {}
    for model in FIGURES:
        columns = [each.attname for each in model._meta.fields if each.attname != "id"]
        tables[model.__name__] = sorted(model._default_manager.values_list(*columns), key=repr)
    return tables


def raw(**changes: Any) -> bytes:
    """A CloudEvent of a paid order with some members replaced; None takes one away."""
    event = orjson.loads(order("paid", 3, came_from="PAYMENT_PENDING").value())
    return orjson.dumps({name: value for name, value in {**event, **changes}.items() if value is not None})
