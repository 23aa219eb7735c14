"""Reading topics: as a member of a consumer group, or once from the beginning.

Offsets are committed by the caller, after its transaction. That a log was reset, that the broker was away, or that
partitions changed hands, is noted in `disturbed`, for whoever can fill gaps from elsewhere.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any

import structlog
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition
from django.conf import settings

from altis.store.kafka import TOPICS
from altis.store.kafka_address import kafka_settings

log = structlog.get_logger(__name__)
_METADATA_SECONDS = 5.0
_CLOSE_SECONDS = 2.0
Build = Callable[[dict[str, Any]], Consumer]


class BrokerAway(Exception):
    """No broker answers."""


@dataclass(frozen=True, slots=True)
class Record:
    """One message and where it stood."""

    topic: str
    partition: int
    offset: int
    value: bytes | None


class EventConsumer:
    """A member of a consumer group. Trouble with the broker is logged, never raised: there is nothing to read then."""

    def __init__(self, *, group: str, topics: Sequence[str] = TOPICS, build: Build = Consumer) -> None:
        self._group, self._topics, self._build = group, list(topics), build
        self._consumer: Consumer | None = None
        self._next: dict[tuple[str, int], int] = {}
        self._away = self._broken = False
        self.assigned = False
        self.disturbed = False

    def read(self, most: int, seconds: float) -> list[Record]:
        """At most so many messages, after waiting at most so long."""
        if self._broken:
            self.close()
        if self._consumer is None:
            self._consumer = self._build({**_settings(self._group), "error_cb": self._note})
            self._consumer.subscribe(
                self._topics, on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_revoke
            )
        try:
            messages = self._consumer.consume(most, timeout=seconds)
        except KafkaException as error:
            self._note(error.args[0])
            return []
        records = [record for message in messages if (record := self._record(message)) is not None]
        if records and self._away:
            log.info("broker back", group=self._group)
            self._away, self.disturbed = False, True
        return records

    def commit(self, records: Sequence[Record]) -> None:
        """Tell the broker that these need not come again; one that does not hear it sends them again."""
        last = {(record.topic, record.partition): record.offset for record in records}
        if self._consumer is None or not last:
            return
        offsets = [TopicPartition(*place, offset + 1) for place, offset in last.items()]
        try:
            self._consumer.commit(offsets=offsets, asynchronous=True)
        except KafkaException as error:
            self._note(error.args[0])

    def close(self) -> None:
        """Leave the group, so that the others need not wait for the session's end."""
        if self._consumer is not None:
            _close(self._consumer)
        self._consumer, self.assigned, self._broken = None, False, False

    def _record(self, message: Message) -> Record | None:
        topic, partition, offset, fault = message.topic(), message.partition(), message.offset(), message.error()
        if fault is not None or topic is None or partition is None or offset is None:
            self._note(fault)
            return None
        if offset < self._next.get((topic, partition), 0):
            log.warning("topic was reset", topic=topic, partition=partition, offset=offset)
            self.disturbed = True
        self._next[topic, partition] = offset + 1
        return Record(topic, partition, offset, message.value())

    def _note(self, fault: KafkaError | None) -> None:
        """One line for each time that the broker goes away; what is fatal needs another consumer."""
        if fault is None or fault.code() == KafkaError.UNKNOWN_TOPIC_OR_PART:  # nothing was told there yet
            return
        if not self._away:
            log.warning("broker trouble", group=self._group, error=str(fault)[:200])
        self._away = True
        self._broken = self._broken or fault.fatal()

    def _on_assign(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        log.info("partitions assigned", group=self._group, count=len(partitions))
        self.assigned = self.disturbed = True
        self._next.clear()

    def _on_revoke(self, _consumer: Consumer, _partitions: list[TopicPartition]) -> None:
        self._next.clear()


def read_everything(most: int, *, quiet_seconds: float, topics: Sequence[str] = TOPICS) -> Iterator[list[Record]]:
    """What the topics hold, from their beginnings, in batches; ends when nothing has come for so many seconds.

    Watermarks are not asked: not every broker tells them right. Raises BrokerAway before the first batch.
    """
    consumer = Consumer(_settings("altis-once"))
    try:
        partitions = _partitions(consumer, topics)
        consumer.assign([TopicPartition(*place, OFFSET_BEGINNING) for place in partitions])
        yield []
        while messages := consumer.consume(most, timeout=quiet_seconds):
            yield [
                Record(message.topic() or "", message.partition() or 0, message.offset() or 0, message.value())
                for message in messages
                if message.error() is None
            ]
    finally:
        _close(consumer)


def _close(consumer: Consumer) -> None:
    """Close, but wait only so long: librdkafka waits without end for a commit that an absent broker does not answer."""
    closing = Thread(target=consumer.close, daemon=True)
    closing.start()
    closing.join(_CLOSE_SECONDS)


def _partitions(consumer: Consumer, topics: Sequence[str]) -> list[tuple[str, int]]:
    try:
        known = consumer.list_topics(timeout=_METADATA_SECONDS).topics
    except KafkaException as error:
        raise BrokerAway(str(error.args[0])) from error
    return [(topic, number) for topic in topics if topic in known for number in known[topic].partitions]


def _settings(group: str) -> dict[str, Any]:
    return {
        **kafka_settings(settings.KAFKA_BOOTSTRAP_SERVERS),
        "group.id": group,
        "session.timeout.ms": 6000,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "fetch.wait.max.ms": 50,
        # A topic that is new, or new again, is found within seconds instead of minutes.
        "topic.metadata.refresh.interval.ms": 5000,
        "reconnect.backoff.max.ms": 2000,
        "queued.max.messages.kbytes": 8192,
        "log_level": 2,
    }
