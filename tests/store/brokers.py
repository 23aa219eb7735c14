"""Reading what the broker has, and brokers of one's own to stop and start."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from confluent_kafka import OFFSET_BEGINNING, Consumer, Message, TopicPartition
from django.conf import settings

from altis.devstack.config import ServerSettings
from altis.devstack.stack import Services
from altis.devstack.state import StateFolder
from tests.payments.simulators import wait_until


def told(topic: str, *subjects: str, count: int, seconds: float = 8.0) -> list[Message]:
    """What a Kafka client reads of these aggregates from a topic's beginning, once there are so many messages."""
    consumer = Consumer(
        {"bootstrap.servers": settings.KAFKA_BOOTSTRAP_SERVERS, "group.id": "tests", "fetch.wait.max.ms": 10}
    )
    keys = {subject.encode() for subject in subjects}
    found: list[Message] = []

    def look() -> bool:
        read = consumer.consume(500, timeout=0.2)
        found.extend(message for message in read if message.error() is None and message.key() in keys)
        return len(found) >= count

    try:
        partitions = consumer.list_topics(topic, timeout=seconds).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
        wait_until(look, seconds)
    finally:
        consumer.close()
    return found


def log_of(topic: str, *subjects: str, distinct: int, seconds: float = 20.0) -> list[dict[str, Any]]:
    """Every event of these aggregates in the order of its partition, repetitions too, once so many different ones came.

    The embedded broker does not say where a log ends: after the last expected one it counts as ended when it is quiet.
    """
    consumer = Consumer({"bootstrap.servers": settings.KAFKA_BOOTSTRAP_SERVERS, "group.id": "tests"})
    found: list[dict[str, Any]] = []
    seen: set[str] = set()

    def look() -> bool:
        read = [message for message in consumer.consume(1000, timeout=0.4) if message.error() is None]
        events = [event for event in map(body, read) if event["subject"] in subjects]
        found.extend(events)
        seen.update(event["id"] for event in events)
        return len(seen) >= distinct and not read

    try:
        partitions = consumer.list_topics(topic, timeout=seconds).topics[topic].partitions
        consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
        wait_until(look, seconds)
    finally:
        consumer.close()
    return found


def body(message: Message) -> dict[str, Any]:
    """The message's CloudEvent."""
    event: dict[str, Any] = json.loads(message.value() or b"")
    return event


@contextmanager
def broker_in(folder: Path) -> Iterator[str]:
    """A broker with an empty log on the port that this folder's last one had; its address."""
    folder.mkdir(exist_ok=True)
    services = Services(StateFolder(folder), ServerSettings(durable=False))
    services.take(0)
    try:
        yield services.start(only=("broker",))["KAFKA_BOOTSTRAP_SERVERS"]
    finally:
        services.stop()
