"""The Kafka producer: idempotent, keyed by aggregate, rebuilt when librdkafka reports a fatal error."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from confluent_kafka import KafkaError, KafkaException, Producer
from django.conf import settings

log = structlog.get_logger(__name__)
TOPICS = ("altis.offers", "altis.orders", "altis.payments", "altis.inventory")
# What the broker will refuse again however often it is tried: the event is parked, others flow on.
_POISON = frozenset(
    (KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_MSG, KafkaError.TOPIC_EXCEPTION, KafkaError.INVALID_RECORD)
)


@dataclass(frozen=True, slots=True)
class Message:
    """One event on its way: topic, key (the aggregate's id), CloudEvents JSON and headers."""

    topic: str
    key: str
    value: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the broker said of one message: `sent`, `retry` (not confirmed) or `poison` (refused for good)."""

    outcome: str
    error: str = ""


class EventProducer:
    """Publishes batches and says of each message what became of it."""

    def __init__(self, build: Callable[[], Producer] | None = None) -> None:
        self._build = build or _producer
        self._producer: Producer | None = None

    def publish(self, messages: Sequence[Message]) -> list[Receipt]:
        """Produce all, wait for every delivery report, and return receipts in the same order. Never raises."""
        receipts = [Receipt("retry", "not confirmed")] * len(messages)
        producer = self._producer = self._producer or self._build()
        refused: set[str] = set()
        for index, message in enumerate(messages):
            if message.key in refused:  # what is sent past a refusal would arrive before it
                continue
            try:
                producer.produce(
                    message.topic,
                    value=message.value,
                    key=message.key,
                    headers=list(message.headers),
                    on_delivery=_keep(receipts, index),
                )
            except (KafkaException, BufferError) as error:
                receipts[index] = _receipt(error.args[0] if error.args else error)
                refused.add(message.key)
        producer.flush(settings.ALTIS_KAFKA_TIMEOUT_SECONDS + 1)
        if any(receipt.outcome == "retry" for receipt in receipts):
            self._rebuild()
        return receipts

    def _rebuild(self) -> None:
        """Forget the producer and what it still queues: unconfirmed rows are read from the outbox again."""
        if self._producer is not None:
            self._producer.purge()
            self._producer.flush(1)
            log.warning("kafka producer rebuilt")
        self._producer = None


def _producer() -> Producer:
    return Producer(
        {
            "bootstrap.servers": settings.KAFKA_BOOTSTRAP_SERVERS,
            "enable.idempotence": True,
            "acks": "all",
            "linger.ms": 5,
            "message.timeout.ms": int(settings.ALTIS_KAFKA_TIMEOUT_SECONDS * 1000),
            "compression.type": "lz4",
            "log_level": 2,
        }
    )


def _keep(receipts: list[Receipt], index: int) -> Callable[[Any, Any], None]:
    def report(error: KafkaError | None, _message: Any) -> None:
        receipts[index] = Receipt("sent") if error is None else _receipt(error)

    return report


def _receipt(error: Any) -> Receipt:
    code = error.code() if isinstance(error, KafkaError) else None
    return Receipt("poison" if code in _POISON else "retry", str(error)[:200])
