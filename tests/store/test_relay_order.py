"""Whatever the broker does in the middle of a batch, the events of an aggregate arrive in their order."""

import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from confluent_kafka import KafkaError, Producer
from django.utils.timezone import now

from altis.store import kafka, relay
from altis.store.kafka import EventProducer
from altis.store.models import OutboxEvent
from tests.store.brokers import log_of
from tests.store.mock_kafka import PRODUCE, MockKafka, mock_kafka

TOPIC = "altis.orders"
ROWS, SUBJECTS, BATCH = 600, 9, 120
TROUBLES = (
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    KafkaError.UNKNOWN_PRODUCER_ID,
    KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER,
    KafkaError.INVALID_PRODUCER_EPOCH,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.MSG_SIZE_TOO_LARGE,
    KafkaError.INVALID_RECORD,
)


@pytest.fixture(autouse=True)
def _small_waves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many waves for each batch of the relay's, so that one can fail between others."""
    monkeypatch.setattr(kafka, "_TOGETHER_BYTES", 3000)


def _small_requests(settings: Mapping[str, Any]) -> Producer:
    """No more messages in a request than in a wave: were more on their way, a failure would let the rest overtake."""
    return Producer({**settings, "batch.num.messages": 14})


class Outbox:
    """The table, in memory: rows in the order of their positions."""

    def __init__(self, chance: random.Random) -> None:
        self.rows: list[OutboxEvent] = []
        numbers = dict.fromkeys(range(SUBJECTS), 0)
        for position in range(ROWS):
            subject = chance.randrange(SUBJECTS)
            numbers[subject] += 1
            row = OutboxEvent(
                position=position, id=f"evt_{position}", topic=TOPIC, subject=str(subject), sequence=numbers[subject]
            )
            row.created_at = now()
            self.rows.append(row)

    def waiting(self) -> list[OutboxEvent]:
        """As the relay reads it."""
        parked = {row.subject for row in self.rows if row.parked_at}
        return [row for row in self.rows if not row.published_at and row.subject not in parked][:BATCH]

    def drain(self, producer: EventProducer) -> None:
        """As the relay does it."""
        events = self.waiting()
        sent, poison = relay.settle(events, producer.publish([relay.as_message(event) for event in events]))
        for event in sent:
            event.published_at = now()
        for event, _error in poison:
            event.parked_at = now()


@contextmanager
def trouble(broker: MockKafka, seed: int) -> Iterator[None]:
    """Connections cut, answers late and answers wrong, until the block ends."""
    chance, over = random.Random(seed), threading.Event()

    def make() -> None:
        while not over.wait(chance.uniform(0.005, 0.08)):
            match chance.randrange(3):
                case 0:
                    broker.down()
                    over.wait(chance.choice((0.01, 0.1, 0.6)))
                    broker.up()
                case 1:
                    broker.slow(chance.choice((0, 5, 50)))
                case 2:
                    broker.answer(PRODUCE, chance.choice(TROUBLES), 0, chance.choice(TROUBLES), 0)

    thread = threading.Thread(target=make)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        broker.slow(0)
        broker.forget_errors(PRODUCE)


@pytest.mark.parametrize("seed", range(4))
def test_first_arrivals_of_each_aggregate_are_in_order(seed: int, settings: Any) -> None:
    outbox = Outbox(random.Random(seed))
    with mock_kafka() as broker:
        broker.topic(TOPIC, partitions=2)
        # A new producer's first message takes half a second: shorter, and none would get through.
        settings.KAFKA_BOOTSTRAP_SERVERS, settings.ALTIS_KAFKA_TIMEOUT_SECONDS = broker.address, 0.9

        producer = EventProducer(_small_requests)
        end = time.monotonic() + 8
        with trouble(broker, seed):
            while outbox.waiting() and time.monotonic() < end:
                outbox.drain(producer)
        settings.ALTIS_KAFKA_TIMEOUT_SECONDS = 10.0
        while outbox.waiting():
            outbox.drain(producer)
        arrived = _arrived(outbox)

    assert_whole_and_in_order(outbox, arrived)


def test_a_late_relay_beside_the_leader_adds_duplicates_only(settings: Any) -> None:
    outbox, chance = Outbox(random.Random(77)), random.Random(77)
    with mock_kafka() as broker:
        broker.topic(TOPIC, partitions=2)
        settings.KAFKA_BOOTSTRAP_SERVERS = broker.address
        leader, late = EventProducer(_small_requests), EventProducer(_small_requests)

        while stale := [relay.as_message(event) for event in outbox.waiting()]:
            beside = threading.Timer(chance.uniform(0, 0.02), late.publish, [stale])
            beside.start()
            outbox.drain(leader)
            beside.join()
        arrived = _arrived(outbox)

    assert len(arrived) > ROWS
    assert_whole_and_in_order(outbox, arrived)


def _arrived(outbox: Outbox) -> list[tuple[str, int]]:
    published = sum(row.published_at is not None for row in outbox.rows)
    events = log_of(TOPIC, *map(str, range(SUBJECTS)), distinct=published)
    return [(str(event["subject"]), int(event["sequence"])) for event in events]


def assert_whole_and_in_order(outbox: Outbox, arrived: list[tuple[str, int]]) -> None:
    """Per aggregate: 1, 2, 3 … without a gap, up to the event before the parked one, or to the last."""
    parked = {row.subject: row.sequence for row in outbox.rows if row.parked_at}
    for subject in map(str, range(SUBJECTS)):
        numbers = list(dict.fromkeys(number for key, number in arrived if key == subject))
        last = max(row.sequence for row in outbox.rows if row.subject == subject)
        assert numbers[: parked.get(subject, last + 1) - 1] == list(range(1, parked.get(subject, last + 1)))
        assert numbers == sorted(numbers)
