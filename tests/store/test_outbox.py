"""Events stand in the outbox with the change that they announce, once per version."""

import pytest
from django.db import IntegrityError, transaction

from altis.store import outbox
from altis.store.models import OutboxEvent
from tests.store.rows import Noted

pytestmark = pytest.mark.django_db


def test_an_event_is_written_as_it_will_be_told() -> None:
    with transaction.atomic():
        row = outbox.record(Noted(subject="ord_1", sequence=3, note="sold"), id="evt_1")

    assert (row.topic, row.type, row.subject, row.sequence) == ("altis.orders", "altis.test.noted", "ord_1", 3)
    assert OutboxEvent.objects.get(id=row.id).payload == {"note": "sold"}
    assert (row.id, row.published_at, row.parked_at) == ("evt_1", None, None)


def test_events_keep_their_order_and_get_ids() -> None:
    with transaction.atomic():
        rows = outbox.record_many([Noted(subject="ord_1", sequence=number) for number in (1, 2, 3)])

    assert [row.sequence for row in OutboxEvent.objects.order_by("position")] == [1, 2, 3]
    assert len({row.id for row in rows}) == 3
    assert all(row.id.startswith("evt_") for row in rows)


def test_there_is_one_event_per_version() -> None:
    with transaction.atomic():
        outbox.record(Noted(subject="ord_1", sequence=1))

    with pytest.raises(IntegrityError, match="outbox_one_event_per_version"), transaction.atomic():
        outbox.record(Noted(subject="ord_1", sequence=1))

    assert OutboxEvent.objects.count() == 1


def test_every_event_needs_its_id_when_ids_are_given() -> None:
    events = [Noted(subject="ord_1", sequence=number) for number in (1, 2)]

    with pytest.raises(ValueError, match="zip"), transaction.atomic():
        outbox.record_many(events, ids=["evt_1"])

    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction of the change"):
        outbox.record(Noted(subject="ord_1", sequence=1))

    assert not OutboxEvent.objects.exists()
