"""The consumer's loop: offsets after the transaction only, the outbox when something looks wrong, and patience."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError

from altis.insight.models import DailySales, SeenEvent
from altis.insight.services import follow
from altis.insight.services.catch_up import catch_up
from altis.insight.services.follow import Follower
from altis.insight.services.project import Projected, project_records
from altis.store.kafka import EventProducer
from altis.store.kafka_consumer import EventConsumer, Record
from altis.store.relay import as_message
from tests.insight.projections.events import BOTH, Told, bought, figures, in_outbox, records
from tests.store.brokers import broker_in

pytestmark = pytest.mark.django_db(databases=BOTH)


class Scripted(EventConsumer):
    """Gives the batches it was given, then says stop; remembers what was committed."""

    def __init__(self, stop: Event, *batches: Sequence[Record]) -> None:
        super().__init__(group="scripted")
        self._stop, self._batches = stop, list(batches)
        self.assigned = True
        self.committed: list[Record] = []
        self.on_commit: Callable[[], object] = list
        self.closed = False

    def read(self, _most: int, _seconds: float) -> list[Record]:
        if not self._batches:
            self._stop.set()
            return []
        return list(self._batches.pop(0))

    def commit(self, records: Sequence[Record]) -> None:
        self.on_commit()
        self.committed += records

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(follow, "_REST_SECONDS", 0.0)
    monkeypatch.setattr(follow, "connections", SimpleNamespace(close_all=list))  # the test's transaction lives on one


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each look at the outbox, whether it was asked for at once."""
    seen: list[bool] = []

    def look(*, at_once: bool, stopped: Callable[[], bool]) -> Projected:
        seen.append(at_once)
        return Projected()

    monkeypatch.setattr(follow, "catch_up", look)
    return seen


def _away(times: int, then: Callable[..., Any]) -> Callable[..., Any]:
    """A database that is away so many times."""
    left = iter(range(times))

    def call(*args: Any, **kwargs: Any) -> Any:
        if next(left, None) is not None:
            raise OperationalError("away")
        return then(*args, **kwargs)

    return call


def _publish(told: Sequence[Told]) -> None:
    receipts = EventProducer().publish([as_message(row) for row in in_outbox(told)])
    assert {receipt.outcome for receipt in receipts} == {"sent"}


def test_what_was_projected_is_committed_and_the_group_is_left() -> None:
    stop, batch = Event(), records(bought())
    consumer = Scripted(stop, batch[:3], batch[3:])

    Follower(stop, consumer=consumer).run()

    assert consumer.committed == batch
    assert consumer.closed
    assert DailySales.objects.get().orders == 1


def test_a_crash_between_transaction_and_commit_repeats_the_batch_and_counts_it_once() -> None:
    batch = records(bought())
    dying = Scripted(stop := Event(), batch)
    dying.on_commit = _crash
    with pytest.raises(ZeroDivisionError):
        Follower(stop, consumer=dying).run_once()

    again = Scripted(stop := Event(), batch)
    Follower(stop, consumer=again).run()

    assert again.committed == batch
    assert DailySales.objects.get().orders == 1


def _crash() -> None:
    """In the place of a kill."""
    raise ZeroDivisionError


def test_a_database_that_is_away_costs_no_offset(monkeypatch: pytest.MonkeyPatch, looks: list[bool]) -> None:
    stop, batch = Event(), records(bought())
    consumer = Scripted(stop, batch)
    monkeypatch.setattr(follow, "project_records", _away(3, project_records))

    Follower(stop, consumer=consumer).run()

    assert consumer.committed == batch
    assert SeenEvent.objects.count() == 4


def test_stopped_while_the_database_is_away_it_commits_nothing(
    monkeypatch: pytest.MonkeyPatch, looks: list[bool]
) -> None:
    stop = Event()
    consumer = Scripted(stop, records(bought()))

    def away(_records: Sequence[Record]) -> Projected:
        stop.set()
        raise OperationalError("away")

    monkeypatch.setattr(follow, "project_records", away)
    Follower(stop, consumer=consumer).run()

    assert consumer.committed == []
    assert consumer.closed


def test_the_outbox_is_read_at_the_start_also_when_the_database_comes_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop = Event()
    in_outbox(bought())
    monkeypatch.setattr(follow, "catch_up", _away(2, catch_up))

    Follower(stop, consumer=Scripted(stop, [], [], [])).run()

    assert SeenEvent.objects.count() == 4


def test_a_gap_and_a_disturbance_ask_for_the_outbox_at_once(looks: list[bool]) -> None:
    stop = Event()
    proposed, _, paid, _ = records(bought())
    consumer = Scripted(stop, [proposed], [paid], [])

    Follower(stop, consumer=consumer).run()
    assert looks == [True, False, True, False]

    disturbed = Scripted(stop := Event(), [], [])
    disturbed.disturbed = True
    Follower(stop, consumer=disturbed).run()
    assert looks[4:] == [True, False, False]
    assert not disturbed.disturbed


def test_a_gap_is_filled_from_the_outbox() -> None:
    told = bought()
    consumer = Scripted(stop := Event(), records(told[:1]), records(told[3:]), [])
    # Published between the first batch and the second, so that the look at the start has not found it.
    consumer.on_commit = lambda: in_outbox(told) if not consumer.committed else None

    Follower(stop, consumer=consumer).run()

    assert DailySales.objects.get().orders == 1
    assert SeenEvent.objects.count() == 4


def test_a_broker_that_lost_its_state_costs_nothing(settings: Any, tmp_path: Path) -> None:
    lost, kept = [event for _ in range(5) for event in bought()], bought()
    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        _publish(lost)
    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        _publish(kept)

        assert Follower(Event()).run_once() == 24

    assert DailySales.objects.get().orders == 6
    assert figures()["DailyOrders"] == [(DailySales.objects.get().day, 6, 6, 0, 0, 0, 0, 0)]


def test_without_a_broker_the_outbox_alone_is_read(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:1"
    monkeypatch.setattr(follow, "_PATIENCE_SECONDS", 1.0)
    in_outbox(bought())

    assert Follower(Event()).run_once() == 4
