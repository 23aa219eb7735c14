"""Planted between a change and its event: written after the commit (N10), read from where one last stood (N11)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from altis.shared.actors import Actor
from altis.store import outbox, relay
from altis.store.failpoints import failpoint
from altis.store.kafka import EventProducer
from altis.store.models import OutboxEvent
from orders.models import Order
from orders.services.cancel import cancel_order
from tests.controls.stage import Stage
from tests.controls.witness import noticed
from tests.offers import market
from tests.orders.trips import offer_for, place
from tests.store.brokers import body, told

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bundles")]
CRASH = "accept.after_commit"


def die_right_after_the_commit(stage: Stage, owner: Actor) -> Order:
    """The process that accepts comes as far as its commit and no further; the order as its owner finds it."""
    market.fly()
    stage.arm(CRASH, "raise")
    place(offer_for(), owner)
    return Order.objects.get(owner_id=owner.id)


@pytest.mark.guarded("N10")
def test_an_event_that_was_committed_with_its_order_survives_the_process(stage: Stage, owner_actor: Actor) -> None:
    order = die_right_after_the_commit(stage, owner_actor)

    assert noticed() == set()
    assert OutboxEvent.objects.filter(subject=order.pk).count() == 1


@pytest.mark.control("N10")
def test_an_event_that_is_written_after_the_commit_dies_with_the_process(
    stage: Stage, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_many = outbox.record_many

    def afterwards(events: Any, *, ids: Any = None) -> list[OutboxEvent]:
        def record() -> None:
            failpoint(CRASH)
            with transaction.atomic():
                record_many(events, ids=ids)

        transaction.on_commit(record)
        return []

    monkeypatch.setattr(outbox, "record_many", afterwards)

    order = die_right_after_the_commit(stage, owner_actor)

    assert "I10" in noticed()
    assert not OutboxEvent.objects.filter(subject=order.pk).exists()


@pytest.fixture
def producer() -> Iterator[EventProducer]:
    yield EventProducer()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def commit_in_another_order(stage: Stage, owner: Actor, producer: EventProducer, *, seen: int) -> list[int]:
    """The order that drew the lower positions is committed last; what Kafka's readers see of it, first seen first."""
    market.fly()
    market.fly("200", way=("LHR", "CDG"), minutes=80)
    late, early = offer_for(), offer_for(ways=(("LHR", "CDG"),))
    slow = stage.stopped("accept.before_commit", lambda: place(late, owner).pk)
    place(early, owner)
    relay.drain(producer)
    stage.go_on()
    order_id = slow.result()
    relay.drain(producer)
    cancel_order(order_id=order_id, actor=owner, reason="customer_cancelled")
    relay.drain(producer)
    return [body(message)["sequence"] for message in told("altis.orders", order_id, count=seen)]


@pytest.mark.guarded("N11")
def test_the_relay_finds_what_was_committed_behind_it(
    stage: Stage, owner_actor: Actor, producer: EventProducer
) -> None:
    assert commit_in_another_order(stage, owner_actor, producer, seen=2) == [1, 2]

    assert noticed("I7", "I11") == set()


@pytest.mark.control("N11")
def test_a_relay_that_goes_on_from_its_last_position_loses_an_event(
    stage: Stage, owner_actor: Actor, producer: EventProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, last = relay.waiting, [0]

    def beyond(limit: int) -> list[relay.Waiting]:
        events = [event for event in waiting(limit) if event.position > last[0]]
        last[0] = max([last[0], *(event.position for event in events)])
        return events

    monkeypatch.setattr(relay, "waiting", beyond)

    assert commit_in_another_order(stage, owner_actor, producer, seen=1) == [2], "H6: sequence 1 is missing"

    assert "I11" in noticed("I7", "I11")
