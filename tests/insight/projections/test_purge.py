"""The inbox forgets what is a month behind the checkpoint, and still counts nothing twice."""

from datetime import timedelta

import pytest

from altis.insight import tasks
from altis.insight.models import Checkpoint, DailySales, OwedEvent, SeenEvent, StrayMessage
from altis.insight.services import purge
from altis.insight.services.catch_up import catch_up
from altis.insight.services.project import Projected, project_records
from altis.shared.clock import now
from altis.store.kafka_consumer import Record
from tests.insight.projections.events import BOTH, bought, in_outbox, records

pytestmark = pytest.mark.django_db(databases=BOTH)
OLD, NEW = now() - timedelta(days=31), now() - timedelta(minutes=1)


def _passed(*positions: int) -> None:
    Checkpoint.objects.update_or_create(id=1, defaults={"position": max(positions)})


def test_ids_a_month_behind_the_checkpoint_go_and_their_events_stay_counted() -> None:
    old, new = bought(at=OLD), bought(at=NEW)
    rows = in_outbox([*old, *new])
    project_records(records([*old, *new]))
    _passed(rows[-1].position)

    assert tasks.purge_inbox() == 4

    assert set(SeenEvent.objects.values_list("subject", flat=True)) == {new[0].subject}
    assert project_records(records(old)) == Projected()
    assert catch_up(at_once=True) == Projected()
    assert sum(DailySales.objects.values_list("orders", flat=True)) == 2
    assert tasks.purge_inbox() == 4  # what came again is forgotten again


def test_nothing_is_forgotten_before_the_checkpoint_has_passed() -> None:
    rows = in_outbox([*bought(at=OLD), *bought(at=NEW)])
    catch_up(at_once=True)

    assert purge.purge_inbox() == 0
    _passed(rows[0].position)
    assert purge.purge_inbox() == 0

    assert SeenEvent.objects.count() == 8


def test_an_owed_event_holds_the_purge_back() -> None:
    rows = in_outbox([*bought(at=OLD), *bought(at=NEW)])
    catch_up(at_once=True)
    _passed(rows[-1].position)
    OwedEvent.objects.create(position=rows[0].position, occurred_at=OLD - timedelta(days=1))

    assert purge.purge_inbox() == 0


def test_a_clock_that_a_test_has_moved_forgets_nothing_of_the_present() -> None:
    rows = in_outbox([*bought(at=NEW), *bought(at=now() + timedelta(days=60))])
    catch_up(at_once=True)
    _passed(rows[-1].position)

    assert purge.purge_inbox() == 0


def test_without_a_checkpoint_there_is_nothing_to_do() -> None:
    assert purge.purge_inbox() == 0


def test_old_and_surplus_strays_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "_MOST_STRAYS", 2)
    rows = in_outbox(bought(at=NEW))
    _passed(rows[-1].position)
    for offset in range(4):
        project_records([Record("altis.orders", 0, offset, b"?")])
    StrayMessage.objects.filter(offset=3).update(seen_at=OLD)

    purge.purge_inbox()

    assert list(StrayMessage.objects.order_by("offset").values_list("offset", flat=True)) == [1, 2]
