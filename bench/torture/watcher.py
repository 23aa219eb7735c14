"""The Kafka witness: a thread that reads all topics from their beginning, outside of any group, and forgets nothing.

Whenever the connection has trouble it begins again at the beginning of every log, since a broker that came back may
have come back empty. What it has read before it recognises by its place.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any, cast

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, TopicPartition
from confluent_kafka import Message as KafkaMessage

from bench.torture.sightings import Message, Row, Sightings

TOPICS = ("altis.offers", "altis.orders", "altis.payments", "altis.inventory")
Headers = list[tuple[str, bytes | None]]
_AT_A_TIME = 1000
_LOOK_SECONDS = 0.2
_METADATA_SECONDS = 2.0
_QUIET_SECONDS = 2.0
_PATIENCE_SECONDS = 30.0


class Watcher:
    """Reads from the moment it is made until `stop`."""

    def __init__(self, bootstrap: str) -> None:
        self.lost_with_broker = 0  # by the last check: confirmed by a broker that forgot it before it was read here
        self._bootstrap = bootstrap
        self._sightings = Sightings()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._heard_at = self._began_at = time.monotonic()
        self._reading = False
        self._thread = threading.Thread(target=self._run, name="kafka watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Read no more. Safe to call twice."""
        self._over.set()
        self._thread.join()

    def check(self, rows: Iterable[Sequence[Any]], *, since: int = 0) -> list[str]:
        """What breaks the promise, at rest. Rows are (position, topic, subject, sequence, id), all of them published.

        Per subject, first arrivals ascend by sequence as the outbox has them, and every row has arrived, but for those
        that a broker confirmed and then forgot (`lost_with_broker`). Waits until nothing more comes in. Rows up to the
        position `since` need not have arrived.
        """
        wanted = [Row(*row) for row in rows]
        self._wait_until_quiet([row for row in wanted if row.position > since])
        with self._lock:
            if self._reading:
                self._sightings.read_to_the_end()
            findings = self._sightings.judge(wanted, since=since)
        self.lost_with_broker = findings.lost_with_broker
        return findings.violations

    def unseen(self, rows: Iterable[Sequence[Any]]) -> set[str]:
        """The ids of those rows that have not arrived so far."""
        with self._lock:
            return self._sightings.missing(Row(*row) for row in rows)

    def figures(self) -> dict[str, Any]:
        """For the report."""
        with self._lock:
            return {**self._sightings.figures(), "lost with broker": self.lost_with_broker}

    def _wait_until_quiet(self, wanted: Sequence[Row]) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            with self._lock:
                missing = self._sightings.missing(wanted)
            quiet = time.monotonic() - max(self._heard_at, self._began_at) > _QUIET_SECONDS
            if not missing or (self._reading and quiet):
                return
            time.sleep(_LOOK_SECONDS)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._read()
            except KafkaException:  # no broker: there will be one
                self._over.wait(_LOOK_SECONDS)

    def _read(self) -> None:
        """From the beginning of every log until there is trouble."""
        trouble = threading.Event()
        consumer = Consumer(_settings(self._bootstrap) | {"error_cb": lambda _error: trouble.set()})
        with self._lock:
            self._sightings.begin_again()
        assigned: set[tuple[str, int]] = set()
        looked_at = float("-inf")
        try:
            while not (self._over.is_set() or trouble.is_set()):
                if time.monotonic() - looked_at > _METADATA_SECONDS:
                    looked_at = time.monotonic()
                    assigned |= _assign(consumer, but=assigned)
                if not self._take(consumer.consume(_AT_A_TIME, timeout=_LOOK_SECONDS)):
                    return
                if assigned and not self._reading:
                    self._reading, self._began_at = True, time.monotonic()
        finally:
            self._end_reading()
            consumer.close()

    def _end_reading(self) -> None:
        with self._lock:
            if self._reading and not self._over.is_set():
                self._sightings.interrupt()
            self._reading = False

    def _take(self, messages: Sequence[KafkaMessage]) -> bool:
        """False when it is better to begin again."""
        with self._lock:
            for message in messages:
                if message.error() is not None:
                    return False
                self._sightings.take(_read_headers(message))
        if messages:
            self._heard_at = time.monotonic()
        return True


def _settings(bootstrap: str) -> dict[str, Any]:
    return {
        "bootstrap.servers": bootstrap,
        "group.id": "altis-watcher",  # named because it must be; never joined
        "enable.auto.commit": False,
        "auto.offset.reset": "error",
        "fetch.wait.max.ms": 100,
        "reconnect.backoff.max.ms": 500,
        "log_level": 0,
    }


def _assign(consumer: Consumer, *, but: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Add the partitions that are not assigned yet; asking for a topic may make it."""
    found: set[tuple[str, int]] = set()
    for topic in TOPICS:
        partitions = consumer.list_topics(topic, timeout=_METADATA_SECONDS).topics[topic].partitions
        found |= {(topic, number) for number in partitions}
    if fresh := found - but:
        consumer.incremental_assign([TopicPartition(topic, number, OFFSET_BEGINNING) for topic, number in fresh])
    return fresh


def _read_headers(message: KafkaMessage) -> Message:
    headers = {str(name): bytes(value or b"").decode() for name, value in cast(Headers, message.headers() or [])}
    return Message(
        topic=str(message.topic()),
        partition=message.partition() or 0,
        offset=message.offset() or 0,
        subject=(message.key() or b"").decode(),
        sequence=int(headers["seq"]),
        id=headers["id"],
    )
