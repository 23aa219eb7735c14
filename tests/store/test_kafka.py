"""The producer: says what became of each message, and is built anew after a failure."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaError, Producer
from django.conf import settings as django_settings

from altis.store import kafka
from altis.store.kafka import EventProducer
from altis.store.messages import Message, Receipt
from tests.store.brokers import broker_in, log_of, told
from tests.store.mock_kafka import PRODUCE, MockKafka, mock_kafka
from tests.store.rows import subject

SENT = Receipt("sent")


def _message(key: str, value: bytes = b"{}", topic: str = "altis.orders") -> Message:
    return Message(topic, key, value, (("id", "evt_1"),))


def _numbered(key: str, *numbers: int) -> list[Message]:
    return [
        _message(key, b'{"id":"%s.%d","subject":"%s","sequence":%d}' % (key.encode(), number, key.encode(), number))
        for number in numbers
    ]


def _numbers(key: str, count: int) -> list[int]:
    return [event["sequence"] for event in log_of("altis.orders", key, distinct=count)]


@pytest.fixture
def broker(settings: Any) -> Iterator[MockKafka]:
    """A broker that answers what it is told to answer."""
    with mock_kafka() as mock:
        mock.topic("altis.orders")
        settings.KAFKA_BOOTSTRAP_SERVERS = mock.address
        yield mock


@pytest.fixture
def in_pairs(monkeypatch: pytest.MonkeyPatch) -> EventProducer:
    """Two messages a request, and two a wave: were more on their way, a failure would let the rest overtake."""
    monkeypatch.setattr(kafka, "_TOGETHER_BYTES", 2 * len(_numbered("a", 10)[0].value) + 10)
    return EventProducer(lambda settings: Producer({**settings, "batch.num.messages": 2}))


def _outcomes(receipts: Sequence[Receipt]) -> list[str]:
    return [receipt.outcome for receipt in receipts]


def test_each_message_gets_its_own_receipt_in_order() -> None:
    large = b"x" * 1_100_000

    receipts = EventProducer().publish([_message(subject()), _message(subject(), large), _message(subject())])

    assert _outcomes(receipts) == ["sent", "poison", "sent"]
    assert "too large" in receipts[1].error.lower()


def test_nothing_of_an_aggregate_is_sent_past_a_refusal() -> None:
    key, other = subject(), subject()
    large = _message(key, b"x" * 1_100_000)

    receipts = EventProducer().publish([_message(key), large, _message(key), _message(other)])

    assert _outcomes(receipts) == ["sent", "poison", "retry", "sent"]
    assert len(told("altis.orders", key, other, count=2)) == 2


def test_a_broker_that_comes_back_elsewhere_is_found_by_a_new_producer(settings: Any) -> None:
    here, key = django_settings.KAFKA_BOOTSTRAP_SERVERS, subject()
    settings.KAFKA_BOOTSTRAP_SERVERS, settings.ALTIS_KAFKA_TIMEOUT_SECONDS = "127.0.0.1:1", 0.2
    producer = EventProducer()

    assert _outcomes(producer.publish([_message(key)])) == ["retry"]
    settings.KAFKA_BOOTSTRAP_SERVERS, settings.ALTIS_KAFKA_TIMEOUT_SECONDS = here, 10.0
    assert producer.publish([_message(key)]) == [SENT]

    assert len(told("altis.orders", key, count=1)) == 1


def test_a_broker_that_comes_back_empty_on_its_port_gets_what_was_not_confirmed(settings: Any, tmp_path: Path) -> None:
    key, producer = subject(), EventProducer()
    with broker_in(tmp_path / "broker") as address:
        settings.KAFKA_BOOTSTRAP_SERVERS = address
        assert producer.publish([_message(key)]) == [SENT]

    settings.ALTIS_KAFKA_TIMEOUT_SECONDS = 0.2
    assert _outcomes(producer.publish([_message(key, b'"away"')])) == ["retry"]
    settings.ALTIS_KAFKA_TIMEOUT_SECONDS = 10.0
    with broker_in(tmp_path / "broker") as again:
        assert again == address
        assert producer.publish([_message(key, b'"back"')]) == [SENT]

        assert [message.value() for message in told("altis.orders", key, count=1)] == [b'"back"']


def test_a_topic_that_is_none_of_ours_is_refused_before_any_broker_hears_of_it(settings: Any) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:1"

    receipts = EventProducer().publish([_message(subject(), topic="altis.order")])

    assert receipts == [Receipt("poison", "unknown topic altis.order")]


def test_what_is_refused_with_a_batch_is_tried_alone_and_goes_through(broker: MockKafka) -> None:
    producer = EventProducer()
    broker.answer(PRODUCE, KafkaError.MSG_SIZE_TOO_LARGE)

    receipts = producer.publish([*_numbered("a", 1, 2), *_numbered("b", 1)])

    assert _outcomes(receipts) == ["sent", "retry", "sent"]
    assert producer.publish(_numbered("a", 2)) == [SENT]
    assert (_numbers("a", 2), _numbers("b", 1)) == ([1, 2], [1])


def test_only_what_is_refused_alone_is_poison(broker: MockKafka) -> None:
    broker.answer(PRODUCE, KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_RECORD)

    receipts = EventProducer().publish([*_numbered("a", 1, 2), *_numbered("b", 1)])

    assert _outcomes(receipts) == ["poison", "retry", "sent"]
    assert _numbers("b", 1) == [1]


@pytest.mark.parametrize(
    "error",
    [
        KafkaError.MSG_SIZE_TOO_LARGE,
        KafkaError.TOPIC_AUTHORIZATION_FAILED,
        KafkaError.INVALID_PRODUCER_EPOCH,
        KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER,
    ],
)
def test_nothing_is_sent_past_a_request_that_failed(broker: MockKafka, in_pairs: EventProducer, error: int) -> None:
    for key in "abc":  # what would overtake does so in some runs only
        broker.answer(PRODUCE, 0, error)

        first = in_pairs.publish(_numbered(key, *range(1, 13)))
        lost = [number for number, receipt in enumerate(first, start=1) if receipt != SENT]
        again = in_pairs.publish(_numbered(key, *lost))

        assert min(lost) > 1
        assert set(again) == {SENT}
        assert _numbers(key, 12) == list(range(1, 13))


def test_a_producer_that_failed_for_good_is_given_up_at_once(broker: MockKafka) -> None:
    producer = EventProducer()
    broker.answer(PRODUCE, KafkaError.OUT_OF_ORDER_SEQUENCE_NUMBER)
    started = time.monotonic()

    assert _outcomes(producer.publish(_numbered("a", 1, 2))) == ["retry", "retry"]
    assert producer.publish(_numbered("a", 1, 2)) == [SENT, SENT]

    assert time.monotonic() - started < django_settings.ALTIS_KAFKA_TIMEOUT_SECONDS / 2


def test_a_broker_that_answers_too_late_gets_everything_again_in_order(
    broker: MockKafka, in_pairs: EventProducer, settings: Any
) -> None:
    in_pairs.publish(_numbered("a", 1))
    broker.slow(600)
    settings.ALTIS_KAFKA_TIMEOUT_SECONDS = 0.8

    receipts = in_pairs.publish(_numbered("a", 2, 3, 4, 5, 6, 7, 8, 9))
    broker.slow(0)
    settings.ALTIS_KAFKA_TIMEOUT_SECONDS = 10.0
    first_lost = 2 + _outcomes(receipts).index("retry")
    assert set(in_pairs.publish(_numbered("a", *range(first_lost, 10)))) == {SENT}

    assert list(dict.fromkeys(_numbers("a", 9))) == list(range(1, 10))


def test_whoever_is_in_a_hurry_waits_two_seconds_at_most(settings: Any) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:1"
    started = time.monotonic()

    receipts = EventProducer(hurry=lambda: True).publish([_message(subject())])

    assert _outcomes(receipts) == ["retry"]
    assert time.monotonic() - started < 4


def test_pauses_grow_while_nothing_gets_through_and_end_with_the_first_success(settings: Any) -> None:
    here, producer, pauses = django_settings.KAFKA_BOOTSTRAP_SERVERS, EventProducer(), []
    settings.KAFKA_BOOTSTRAP_SERVERS, settings.ALTIS_KAFKA_TIMEOUT_SECONDS = "127.0.0.1:1", 0.01

    for _ in range(5):
        producer.publish([_message(subject())])
        pauses.append(producer.pause)
    settings.KAFKA_BOOTSTRAP_SERVERS, settings.ALTIS_KAFKA_TIMEOUT_SECONDS = here, 10.0
    producer.publish([_message(subject())])

    assert pauses == [0.1, 0.2, 0.4, 0.5, 0.5]
    assert producer.pause == 0.0
