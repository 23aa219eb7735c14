"""The Kafka witness beside a real broker that is killed and comes back empty."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from altis.store.kafka import EventProducer
from altis.store.messages import Message
from bench.torture.watcher import Watcher
from tests.payments.simulators import wait_until
from tests.store.brokers import broker_in
from tests.store.rows import subject

TOPIC = "altis.payments"


@pytest.fixture
def watch() -> Iterator[Any]:
    watchers: list[Watcher] = []

    def begin(address: str) -> Watcher:
        watchers.append(Watcher(address))
        return watchers[-1]

    yield begin
    for watcher in watchers:
        watcher.stop()


def _publish(key: str, *numbers: int, producer: EventProducer | None = None) -> None:
    messages = [Message(TOPIC, key, b"{}", (("id", f"evt_{key}_{number}"), ("seq", str(number)))) for number in numbers]
    receipts = (producer or EventProducer()).publish(messages)
    assert {receipt.outcome for receipt in receipts} == {"sent"}


def _rows(key: str, last: int) -> list[tuple[int, str, str, int, str]]:
    return [(number, TOPIC, key, number, f"evt_{key}_{number}") for number in range(1, last + 1)]


def test_what_is_published_before_and_after_it_begins_is_seen(watch: Any, tmp_path: Path, settings: Any) -> None:
    key = subject()
    with broker_in(tmp_path / "broker") as address:
        settings.KAFKA_BOOTSTRAP_SERVERS = address
        _publish(key, 1, 2)
        watcher = watch(address)
        _publish(key, 3, 3, 4)

        assert watcher.check(_rows(key, 4)) == []
        assert watcher.figures()["duplicates"] == 1
        assert watcher.check(_rows(key, 5)) == [f"{TOPIC} {key}: never arrived: [5]"]


def test_a_broker_that_comes_back_empty_is_read_from_its_new_beginning(
    watch: Any, tmp_path: Path, settings: Any
) -> None:
    key = subject()
    with broker_in(tmp_path / "broker") as address:
        settings.KAFKA_BOOTSTRAP_SERVERS = address
        watcher = watch(address)
        _publish(key, 1, 2, 3)
        wait_until(lambda: watcher.figures()["events"] == 3)

    with broker_in(tmp_path / "broker") as again:
        assert again == address
        _publish(key, 5, 6)

        assert watcher.check(_rows(key, 6)) == []

    assert watcher.lost_with_broker == 1
    assert watcher.figures()["lost logs"] == 1
