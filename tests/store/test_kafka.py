"""The producer: says what became of each message, and is built anew after a failure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

from altis.store.kafka import EventProducer, Message, Receipt
from tests.store.brokers import broker_in, told
from tests.store.rows import subject

SENT = Receipt("sent")


def _message(key: str, value: bytes = b"{}", topic: str = "altis.orders") -> Message:
    return Message(topic, key, value, (("id", "evt_1"),))


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
