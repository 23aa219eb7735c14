"""From the outbox to Kafka: in order per aggregate, at least once, and nothing past a failure."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from prometheus_client import Gauge

from altis.store import relay
from altis.store.database import DbNow
from altis.store.failpoints import FailpointHit
from altis.store.kafka import EventProducer
from altis.store.messages import Message, Receipt
from altis.store.models import OutboxEvent
from altis.store.sessions import own_session
from altis.telemetry import metrics
from tests.payments.simulators import wait_until
from tests.store.brokers import body, told
from tests.store.rows import note, subject

pytestmark = pytest.mark.django_db
SENT, RETRY, POISON = Receipt("sent"), Receipt("retry", "timed out"), Receipt("poison", "too large")
TOO_LARGE = "x" * 1_100_000
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Saying(EventProducer):
    """Publishes nothing, and says of each aggregate's event what it is told to say."""

    def __init__(self, **receipts: Receipt) -> None:
        super().__init__()
        self.receipts = receipts
        self.seen: list[tuple[str, str]] = []
        self.values: list[bytes] = []

    def publish(self, messages: list[Message]) -> list[Receipt]:  # type: ignore[override]  # narrower on purpose
        self.values += [message.value for message in messages]
        numbers = [dict(message.headers)["seq"] for message in messages]
        self.seen += [(message.key, number) for message, number in zip(messages, numbers, strict=True)]
        names = [f"{message.key}{number}" for message, number in zip(messages, numbers, strict=True)]
        return [self.receipts.get(name, SENT) for name in names]


@pytest.fixture(autouse=True)
def _follow() -> Iterator[None]:
    """The leader's lock belongs to the database session, which outlives a test."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def _states() -> dict[str, str]:
    return {
        f"{row.subject}{row.sequence}": "parked" if row.parked_at else "published" if row.published_at else "waiting"
        for row in OutboxEvent.objects.all()
    }


def _value(gauge: Gauge) -> float:
    [metric] = gauge.collect()
    return metric.samples[0].value


def test_nothing_of_an_aggregate_passes_its_first_failure() -> None:
    events = [OutboxEvent(subject=name) for name in "abacbaca"]
    receipts = [SENT, SENT, RETRY, SENT, POISON, SENT, SENT, POISON]

    sent, poison = relay.settle(events, receipts)

    assert [events.index(event) for event in sent] == [0, 1, 3, 6]
    assert [(events.index(event), error) for event, error in poison] == [(4, "too large")]


def test_receipts_belong_to_their_events_one_to_one() -> None:
    with pytest.raises(ValueError, match="zip"):
        relay.settle([OutboxEvent(subject="a")], [])


def test_an_unconfirmed_event_and_what_follows_it_is_sent_again() -> None:
    note("a", "1", "2", "3")
    note("b", "1")

    assert relay.drain(Saying(a2=RETRY)) == 2
    assert _states() == {"a1": "published", "a2": "waiting", "a3": "waiting", "b1": "published"}
    again = Saying()
    assert relay.drain(again) == 2

    assert again.seen == [("a", "2"), ("a", "3")]
    assert set(_states().values()) == {"published"}


def test_a_poison_event_parks_its_own_aggregate_only() -> None:
    note("a", "1", "2", "3")
    note("b", "1")

    assert relay.drain(Saying(a2=POISON)) == 3
    later = Saying()
    assert relay.drain(later) == 0

    assert later.seen == []
    assert _states() == {"a1": "published", "a2": "parked", "a3": "waiting", "b1": "published"}
    assert OutboxEvent.objects.get(subject="a", sequence=2).error == "too large"


def test_a_batch_is_the_oldest_events_and_an_empty_outbox_asks_no_broker() -> None:
    producer = Saying()
    assert relay.drain(producer) == 0
    note("a", "1", "2", "3")

    assert relay.drain(producer, limit=2) == 2

    assert producer.seen == [("a", "1"), ("a", "2")]


def test_events_arrive_in_order_as_cloud_events_with_headers() -> None:
    mine, other = subject(), subject()
    rows = [*note(mine, *"12345"), *note(other, *"12")]

    assert relay.drain(EventProducer()) == 7

    messages = told("altis.orders", mine, other, count=7)
    for key, notes in ((mine, "12345"), (other, "12")):
        events = [body(message) for message in messages if message.key() == key.encode()]
        assert [(event["sequence"], event["data"]["note"]) for event in events] == list(enumerate(notes, start=1))
    first = next(message for message in messages if message.key() == mine.encode())
    assert dict(first.headers() or []) == {"id": rows[0].id.encode(), "seq": b"1", "type": b"altis.test.noted"}
    event = body(first)
    assert {name: event[name] for name in ("specversion", "id", "source", "type", "subject", "datacontenttype")} == {
        "specversion": "1.0",
        "id": rows[0].id,
        "source": "/altis/orders",
        "type": "altis.test.noted",
        "subject": mine,
        "datacontenttype": "application/json",
    }
    assert event["time"].endswith("Z")


def test_what_the_broker_refuses_for_good_is_parked_and_others_flow() -> None:
    bad, good = subject(), subject()
    note(bad, "1", TOO_LARGE, "3")
    note(good, "1")

    assert relay.drain(EventProducer()) == 3

    assert _states() == {f"{bad}1": "published", f"{bad}2": "parked", f"{bad}3": "waiting", f"{good}1": "published"}
    assert {body(message)["sequence"] for message in told("altis.orders", bad, good, count=2)} == {1}


def test_of_two_relays_one_leads() -> None:
    second = connection.copy()
    try:
        assert relay.lead()
        with second.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [relay._LEADER_LOCK])
            assert cursor.fetchone() == (False,)
    finally:
        second.close()


def test_an_unknown_topic_parks_its_own_aggregate_only() -> None:
    note("a", "1", "2", topic="altis.order")
    good = subject()
    note(good, "1")

    assert relay.drain(EventProducer()) == 2

    assert _states() == {"a1": "parked", "a2": "waiting", f"{good}1": "published"}
    assert OutboxEvent.objects.get(subject="a", sequence=1).error == "unknown topic altis.order"


def test_a_released_event_is_tried_again_and_its_aggregate_with_it() -> None:
    rows = note("a", "1", "2")
    relay.drain(Saying(a1=POISON))

    assert relay.release([row.position for row in rows]) == 1
    again = Saying()
    relay.drain(again)

    assert again.seen == [("a", "1"), ("a", "2")]
    assert set(_states().values()) == {"published"}
    assert OutboxEvent.objects.get(subject="a", sequence=1).error == ""


def test_numbers_of_more_than_64_bits_and_odd_headers_are_no_poison() -> None:
    [row] = note("a", "1")
    row.payload, row.headers = {"large": 2**70}, {"attempt": 3}

    message = relay.as_message(row)

    assert json.loads(message.value)["data"] == {"large": 2**70}
    assert ("attempt", "3") in message.headers


def test_a_payload_goes_out_as_postgresql_keeps_it() -> None:
    note("a", "1")
    OutboxEvent.objects.update(payload={"large": 2**70, "name": "Zo\u00eb", "none": None})
    producer = Saying()

    assert relay.drain(producer) == 1

    assert json.loads(producer.values[0])["data"] == {"large": 2**70, "name": "Zo\u00eb", "none": None}


def test_a_batch_that_was_read_long_ago_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    note("a", "1")
    producer, hours = Saying(), iter((0.0, 3600.0))
    monkeypatch.setattr("altis.store.relay.time", SimpleNamespace(monotonic=lambda: next(hours)))

    assert relay.drain(producer) == 0

    assert producer.seen == []
    assert _states() == {"a1": "waiting"}


def test_what_was_marked_by_another_relay_meanwhile_stays_as_it_is() -> None:
    class Late(Saying):
        def publish(self, messages: list[Message]) -> list[Receipt]:  # type: ignore[override]  # narrower on purpose
            OutboxEvent.objects.filter(sequence=1).update(published_at=LONG_AGO)
            return super().publish(messages)

    note("a", "1", "2")
    note("b", "1", "2")

    relay.drain(Late(b1=POISON))

    assert _states() == {"a1": "published", "a2": "published", "b1": "published", "b2": "waiting"}
    assert set(OutboxEvent.objects.filter(sequence=1).values_list("published_at", flat=True)) == {LONG_AGO}


def test_the_gauges_say_what_waits_since_when_and_what_is_parked() -> None:
    note("a", "1", "2", "3")
    note("b", "1")
    relay.drain(Saying(a2=POISON))
    OutboxEvent.objects.filter(subject="a", sequence=3).update(created_at=DbNow() - timedelta(seconds=90))

    relay.measure()

    assert _value(metrics.outbox_waiting) == 1
    assert 90 <= _value(metrics.outbox_oldest) < 150
    assert _value(metrics.outbox_parked) == 1


@pytest.mark.django_db(transaction=True)
def test_the_command_publishes_what_is_waiting_and_ends(restored_signals: None) -> None:
    mine = subject()
    note(mine, "1", "2")

    call_command("relay_outbox", "--once")

    assert set(_states().values()) == {"published"}
    assert [body(message)["sequence"] for message in told("altis.orders", mine, count=2)] == [1, 2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError, FailpointHit])
def test_an_interrupted_command_gives_up_its_session_and_leads_again(
    restored_signals: None, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    mine, sessions = subject(), []
    note(mine, "1")
    honest = relay.drain

    def failing(producer: EventProducer) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            sessions.append(cursor.fetchone()[0])
        if len(sessions) == 1:
            raise error
        return honest(producer)

    monkeypatch.setattr(relay, "drain", failing)
    call_command("relay_outbox", "--once")

    assert len(set(sessions)) == 2
    assert set(_states().values()) == {"published"}


@pytest.mark.django_db(transaction=True)
def test_the_relays_session_is_its_own_and_ends_with_the_lock(restored_signals: None) -> None:
    shared = connection.connection
    with own_session(idle_seconds=60):
        assert relay.lead()
        assert relay.lead()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('idle_session_timeout'), current_setting('statement_timeout')")
            assert cursor.fetchone() == ("1min", "5s")
        connection.close()
        wait_until(relay.lead)  # PostgreSQL takes a moment to see a session end

    assert connection.connection is shared
    wait_until(relay.lead)
