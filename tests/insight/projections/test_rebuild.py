"""Everything once more, from either source: the figures are the same."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from altis.insight.models import Checkpoint, SeenEvent
from altis.insight.services import rebuild
from altis.insight.services.catch_up import catch_up
from altis.insight.services.project import Projected, project_records
from altis.store import kafka_consumer
from altis.store.kafka import EventProducer
from altis.store.relay import as_message
from tests.insight.projections.events import (
    BOTH,
    Told,
    bought,
    figures,
    in_outbox,
    inventory,
    order,
    payment,
    records,
    search,
)
from tests.store.brokers import broker_in

pytestmark = pytest.mark.django_db(databases=BOTH)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broker next door needs no patience."""
    monkeypatch.setattr(kafka_consumer, "_METADATA_SECONDS", 1.0)
    monkeypatch.setattr(rebuild, "_QUIET_SECONDS", 1.5)


def _market() -> list[Told]:
    refund = [payment("refund_requested", 4, "pay_1", came_from="SUCCEEDED"), payment("refunded", 5, "pay_1")]
    loads = [inventory(1, version, sold=version) for version in range(1, 9)]
    return [*bought(), *bought(), *refund, *loads, search("accepted", weight="4.0000"), order("expired", 2)]


def test_the_outbox_gives_the_same_figures(restored_signals: None, capsys: pytest.CaptureFixture[str]) -> None:
    told = _market()
    in_outbox(told)
    project_records(records(told))
    expected = figures()

    call_command("consume_events", "--rebuild", "outbox")

    assert capsys.readouterr().out == f"{len(told)} events\n"
    assert figures() == expected
    assert Checkpoint.objects.get().generation == 2


def test_the_topics_give_the_same_figures(restored_signals: None, settings: Any, tmp_path: Path) -> None:
    told = _market()
    rows = in_outbox(told)
    project_records(records(told))
    expected = figures()
    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        EventProducer().publish([as_message(row) for row in rows])

        call_command("consume_events", "--rebuild", "topics")

    assert figures() == expected
    assert set(SeenEvent.objects.values_list("source", flat=True)) == {"topic"}
    assert catch_up(at_once=True) == Projected()


def test_what_the_topics_have_lost_comes_with_the_next_look(
    restored_signals: None, settings: Any, tmp_path: Path
) -> None:
    told = _market()
    in_outbox(told)
    catch_up(at_once=True)
    Checkpoint.objects.update(position=10**9)
    expected = figures()
    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        EventProducer().publish([as_message(event.row()) for event in told[:5]])
        call_command("consume_events", "--rebuild", "topics")
    assert SeenEvent.objects.count() == 5

    assert catch_up(at_once=True) == Projected(applied=len(told) - 5)

    assert figures() == expected


def test_without_a_broker_nothing_is_emptied(restored_signals: None, settings: Any) -> None:
    project_records(records(_market()))
    expected = figures()
    settings.KAFKA_BOOTSTRAP_SERVERS = "127.0.0.1:1"

    with pytest.raises(CommandError, match="no broker"):
        call_command("consume_events", "--rebuild", "topics")

    assert figures() == expected
    assert SeenEvent.objects.exists()
