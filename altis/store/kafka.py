"""The Kafka producer: what reaches a topic of one key is always a prefix of what was given, whatever fails.

librdkafka alone does not promise that. A message whose timer runs out is left out while later ones are sent; a request
that the broker refuses does not hold back the one behind it, not even with `enable.gapless.guarantee` and one request
in flight, since the next is built ahead; and a broker that has lost a producer's state takes any sequence. So:

1. No message has a timer of its own (`message.timeout.ms` 0). `publish` waits with a deadline, then purges what is
   queued and in flight, and forgets the producer.
2. Two events of one key are never in two requests at a time. A wave is handed over while librdkafka still lingers, and
   is small enough for one request per partition; the next wave starts when the last one is confirmed whole. Where that
   is not sure, because the topic's partitions are not known yet or time has passed, a wave has one event of each key.
3. After the first failure nothing more is sent.

What a dead connection still carries is thus either confirmed already or sent again from its beginning: duplicates,
never a gap, never a later event before an earlier one.

Only `poll` is used, never `flush`: a flush that meets a fatal error raises an object that is no exception, and no
`except` stops it.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from confluent_kafka import KafkaError, KafkaException, Producer
from django.conf import settings

from altis.store.kafka_address import kafka_settings
from altis.store.messages import ERROR_LENGTH, SENT, UNCONFIRMED, Message, Receipt

log = structlog.get_logger(__name__)
TOPICS: Final = ("altis.offers", "altis.orders", "altis.payments", "altis.inventory")
_LINGER_MS: Final = 50
_TOGETHER_SECONDS: Final = 0.02
_TOGETHER_BYTES: Final = 400_000  # of one topic; librdkafka ends a partition's request at 1,000,000
_POLL_SECONDS: Final = 0.1
_PURGE_SECONDS: Final = 0.5
_HURRY_SECONDS: Final = 2.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 0.5


Build = Callable[[dict[str, Any]], Producer]


class EventProducer:
    """Publishes batches and says of each message what became of it. `hurry` says that the process wants to end."""

    def __init__(self, build: Build = Producer, *, hurry: Callable[[], bool] = lambda: False) -> None:
        self._build = build
        self._hurry = hurry
        self._producer: Producer | None = None
        self._known: set[str] = set()  # topics from which this producer has had a confirmation
        self.pause = 0.0  # seconds to wait before the next batch, when nothing of the last one got through

    def publish(self, messages: Sequence[Message]) -> list[Receipt]:
        """Produce all, wait for every delivery report, and return receipts in the same order. Never raises.

        It takes at most twice ALTIS_KAFKA_TIMEOUT_SECONDS: once for the batch, once for what was refused with it.
        """
        receipts = [UNCONFIRMED] * len(messages)
        self._send(messages, receipts, linger_ms=_LINGER_MS)
        if any(receipt.outcome == "refused" for receipt in receipts):
            self._send_alone(messages, receipts)
        lost = receipts and all(receipt.outcome == "retry" for receipt in receipts)
        self.pause = min(_LONGEST_PAUSE_SECONDS, 2 * self.pause or _FIRST_PAUSE_SECONDS) if lost else 0.0
        return receipts

    def _send(self, messages: Sequence[Message], receipts: list[Receipt], *, linger_ms: int) -> None:
        """Wave after wave, until all are reported on or one has failed."""
        started = time.monotonic()
        if self._producer is None:
            self._producer = self._build(producer_settings(linger_ms=linger_ms))
        left: Sequence[int] = range(len(messages))
        while left:
            later = self._wave(self._producer, messages, receipts, left)
            heard = self._wait(self._producer, started)
            failed = any(receipts[index].outcome in {"retry", "refused"} for index in set(left) - set(later))
            if failed or not heard:
                self._forget(self._producer)
                return
            self._known |= {messages[index].topic for index in left if receipts[index].outcome == "sent"}
            stopped = {messages[index].key for index in left if receipts[index].outcome == "poison"}
            left = [index for index in later if messages[index].key not in stopped]

    def _wave(
        self, producer: Producer, messages: Sequence[Message], receipts: list[Receipt], left: Sequence[int]
    ) -> list[int]:
        """Hand over what may be on its way together; returns what has to wait for it."""
        started, sizes = time.monotonic(), dict.fromkeys(TOPICS, 0)
        aboard: set[str] = set()
        waiting: set[str] = set()
        later: list[int] = []
        for index in left:
            message = messages[index]
            sizes[message.topic] = sizes.get(message.topic, 0) + len(message.value)
            alone = message.topic not in self._known or sizes[message.topic] > _TOGETHER_BYTES
            alone = alone or time.monotonic() - started > _TOGETHER_SECONDS
            if message.key in waiting or (alone and message.key in aboard):
                waiting.add(message.key)
                later.append(index)
                continue
            aboard.add(message.key)
            refusal = _enqueue(producer, message, _keep(receipts, index))
            if refusal is not None:
                receipts[index] = refusal
                waiting.add(message.key)
        return later

    def _send_alone(self, messages: Sequence[Message], receipts: list[Receipt]) -> None:
        """What was refused with others, one by one: only what is refused alone is poison."""
        started = time.monotonic()
        stopped = {message.key for message, it in zip(messages, receipts, strict=True) if it.outcome == "poison"}
        for index, message in enumerate(messages):
            if receipts[index].outcome != "refused":
                continue
            one = [UNCONFIRMED]
            if message.key not in stopped and self._patient(started):
                self._send([message], one, linger_ms=0)
            receipts[index] = one[0].alone
            if receipts[index].outcome != "sent":
                stopped.add(message.key)
        if self._producer is not None:  # it does not linger, and is no good for waves
            self._forget(self._producer)

    def _wait(self, producer: Producer, started: float) -> bool:
        """Until every report is in or patience is over; False when the producer has failed for good."""
        try:
            while len(producer) and self._patient(started):
                producer.poll(_POLL_SECONDS)
        except KafkaException as error:  # fatal: nothing more will be sent
            log.warning("kafka producer failed", error=str(error)[:ERROR_LENGTH])
            return False
        return True

    def _patient(self, started: float) -> bool:
        patience: float = settings.ALTIS_KAFKA_TIMEOUT_SECONDS
        return time.monotonic() - started < (min(patience, _HURRY_SECONDS) if self._hurry() else patience)

    def _forget(self, producer: Producer) -> None:
        """Drop the producer and what it still has: unconfirmed rows are read from the outbox again."""
        self._producer = None
        self._known.clear()
        started = time.monotonic()
        producer.purge()
        while len(producer) and time.monotonic() - started < _PURGE_SECONDS:
            try:
                producer.poll(_POLL_SECONDS)
            except KafkaException:  # a fatal error that nobody had heard of yet; its reports still come
                continue
        log.info("kafka producer given up")


def producer_settings(*, linger_ms: int = _LINGER_MS) -> dict[str, Any]:
    """For librdkafka."""
    return {
        **kafka_settings(settings.KAFKA_BOOTSTRAP_SERVERS),
        "enable.idempotence": True,
        "enable.gapless.guarantee": True,
        "max.in.flight": 1,
        "message.timeout.ms": 0,
        "acks": "all",
        "compression.type": "lz4",
        "linger.ms": linger_ms,
        "log_level": 2,
        "reconnect.backoff.max.ms": 500,
    }


def _enqueue(producer: Producer, message: Message, report: Callable[[Any, Any], None]) -> Receipt | None:
    """Hand one message to librdkafka; the receipt of what it refuses at once."""
    if message.topic not in TOPICS:  # a broker would wait for it, or make it
        return Receipt("poison", f"unknown topic {message.topic}")
    try:
        producer.produce(
            message.topic,
            value=message.value,
            key=message.key,
            headers=list(message.headers),
            on_delivery=report,
        )
    except (KafkaException, BufferError) as error:
        return Receipt.of(error.args[0] if error.args else error).alone
    return None


def _keep(receipts: list[Receipt], index: int) -> Callable[[Any, Any], None]:
    def report(error: KafkaError | None, _message: Any) -> None:
        receipts[index] = SENT if error is None else Receipt.of(error)

    return report
