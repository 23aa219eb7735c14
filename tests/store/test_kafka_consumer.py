"""Reading topics: where a group left off, after a reset from the beginning, and never with an exception."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from altis.store import kafka_consumer
from altis.store.kafka import EventProducer
from altis.store.kafka_consumer import BrokerAway, EventConsumer, Record, read_everything
from altis.store.messages import Message
from tests.store.brokers import broker_in
from tests.store.mock_kafka import FETCH, mock_kafka

TOPIC = "altis.orders"
NOWHERE = "127.0.0.1:1"
_NOT_LEADER, _NOT_AVAILABLE = 6, 8  # error codes, from Kafka's protocol guide


def _publish(*numbers: int, topic: str = TOPIC) -> None:
    messages = [Message(topic, f"k{number % 5}", json.dumps(number).encode(), ()) for number in numbers]
    assert {receipt.outcome for receipt in EventProducer().publish(messages)} == {"sent"}


def _read(consumer: EventConsumer, count: int, seconds: float = 30.0) -> list[Record]:
    """So many messages, committed; what comes meanwhile too."""
    found: list[Record] = []
    deadline = time.monotonic() + seconds
    while len(found) < count:
        assert time.monotonic() < deadline, f"{len(found)} of {count}"
        records = consumer.read(500, 0.2)
        consumer.commit(records)
        found += records
    return found


def _numbers(records: list[Record]) -> list[int]:
    return sorted(json.loads(record.value or b"") for record in records)


def _took(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def test_a_group_goes_on_where_it_left_off(settings: Any, tmp_path: Path) -> None:
    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        _publish(*range(1_200))
        first = EventConsumer(group="readers")
        assert _numbers(_read(first, 1_200)) == list(range(1_200))
        first.close()
        _publish(7, 8)

        second = EventConsumer(group="readers")
        records = _read(second, 2)
        second.close()

        assert _numbers(records) == [7, 8]
        assert second.disturbed  # its partitions were another's


def test_a_topic_that_was_reset_is_read_from_its_beginning_and_that_is_noted(settings: Any, tmp_path: Path) -> None:
    consumer = EventConsumer(group="readers")
    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        _publish(*range(50))
        _read(consumer, 50)
        consumer.disturbed = False
    assert consumer.read(500, 0.2) == []

    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        _publish(100, 101)
        _publish(102, topic="altis.payments")
        records = _read(consumer, 3)
    assert _took(consumer.close) < 5

    assert _numbers(records) == [100, 101, 102]
    assert consumer.disturbed


def test_a_broker_that_fails_and_goes_away_for_a_while_costs_no_message(settings: Any) -> None:
    with mock_kafka() as broker:
        settings.KAFKA_BOOTSTRAP_SERVERS = broker.address
        broker.topic(TOPIC, partitions=2)
        _publish(*range(20))
        broker.answer(FETCH, _NOT_LEADER, _NOT_AVAILABLE, _NOT_LEADER)
        consumer = EventConsumer(group="readers", topics=[TOPIC])
        first = _read(consumer, 20)
        broker.down()
        assert consumer.read(500, 0.5) == []
        broker.up()
        _publish(20, 21)

        again = _read(consumer, 2)
        consumer.close()

    assert _numbers(first) == list(range(20))
    assert _numbers(again) == [20, 21]


def test_without_a_broker_there_is_nothing_to_read(settings: Any) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = NOWHERE
    consumer = EventConsumer(group="readers")

    assert consumer.read(500, 0.2) == []
    consumer.commit([Record(TOPIC, 0, 5, b"")])

    assert not consumer.assigned
    assert _took(consumer.close) < 5


def test_everything_is_read_from_the_beginning_whatever_a_group_has_read(settings: Any, tmp_path: Path) -> None:
    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        _publish(*range(700))
        _publish(700, topic="altis.payments")

        batches = list(read_everything(500, quiet_seconds=1.5))

    assert batches[0] == []
    assert max(len(batch) for batch in batches) <= 500
    assert _numbers([record for batch in batches for record in batch]) == list(range(701))


def test_reading_everything_without_a_broker_is_refused_before_it_begins(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = NOWHERE
    monkeypatch.setattr(kafka_consumer, "_METADATA_SECONDS", 0.5)

    with pytest.raises(BrokerAway):
        next(read_everything(500, quiet_seconds=1.0))
