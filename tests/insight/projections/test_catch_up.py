"""What the topics have lost comes from the outbox, once, and the checkpoint never passes what may yet appear."""

from datetime import timedelta

import pytest
from django.db.models import F

from altis.insight.models import Checkpoint, DailySales, OwedEvent, SeenEvent, StrayMessage
from altis.insight.services.catch_up import catch_up
from altis.insight.services.project import Projected, project_records
from altis.store.models import OutboxEvent
from tests.insight.projections.events import BOTH, NOON, bought, in_outbox, order, records
from tests.store.rows import note

pytestmark = pytest.mark.django_db(databases=BOTH)
NOTHING = Projected()


def _minutes_pass() -> None:
    """The horizon is as old as if a minute had gone by, and the last look too."""
    minute = timedelta(seconds=61)
    Checkpoint.objects.update(horizon_at=F("horizon_at") - minute, looked_at=F("looked_at") - minute)


def _position() -> int:
    return Checkpoint.objects.get().position


def test_published_events_that_no_topic_brought_are_projected_in_order() -> None:
    told = bought()
    in_outbox(told)
    project_records(records(told[:2]))

    assert catch_up(at_once=True) == Projected(applied=2)

    assert DailySales.objects.get().orders == 1
    assert dict(SeenEvent.objects.values_list("sequence", "source")) == {
        1: "topic",
        2: "topic",
        3: "outbox",
        4: "outbox",
    }


def test_what_kafka_brings_later_is_not_counted_again() -> None:
    told = bought()
    in_outbox(told)
    catch_up(at_once=True)

    assert project_records(records(told)) == NOTHING

    assert DailySales.objects.get().orders == 1


def test_events_that_are_not_published_wait() -> None:
    in_outbox(bought(), published=False)

    assert catch_up(at_once=True) == NOTHING

    assert not SeenEvent.objects.exists()


def test_the_checkpoint_follows_a_minute_later() -> None:
    *_, last = in_outbox(bought())

    catch_up(at_once=True)
    assert _position() == 0
    _minutes_pass()
    in_outbox(bought())
    catch_up(at_once=False)

    assert _position() == last.position
    assert DailySales.objects.get().orders == 2


def test_a_lower_position_that_is_committed_late_is_found() -> None:
    early, late = bought(), bought()
    rows = in_outbox([*early, *late])
    OutboxEvent.objects.filter(pk__in=[row.pk for row in rows[:4]]).delete()  # not committed yet
    catch_up(at_once=True)

    OutboxEvent.objects.bulk_create(rows[:4])
    _minutes_pass()
    assert catch_up(at_once=False) == Projected(applied=4)

    assert _position() == rows[-1].position


def test_the_checkpoint_stops_before_an_event_that_waits_for_the_relay() -> None:
    first, second = in_outbox(bought()), in_outbox(bought(), published=False)
    third = in_outbox(bought())
    catch_up(at_once=True)
    _minutes_pass()

    catch_up(at_once=False)
    assert _position() == first[-1].position
    OutboxEvent.objects.update(published_at=NOON)
    _minutes_pass()
    assert catch_up(at_once=False).applied == 4

    assert _position() == third[-1].position
    assert DailySales.objects.get().orders == 3
    assert len(second) == 4


def test_an_event_that_is_parked_is_passed_and_found_when_it_is_published_after_all() -> None:
    parked, behind = in_outbox(bought()[:2], published=False)
    OutboxEvent.objects.filter(pk=behind.pk).update(subject=parked.subject)
    OutboxEvent.objects.filter(pk=parked.pk).update(parked_at=NOON)
    *_, last = in_outbox(bought())
    catch_up(at_once=True)
    _minutes_pass()
    catch_up(at_once=False)
    assert _position() == last.position
    assert set(OwedEvent.objects.values_list("pk", flat=True)) == {parked.position, behind.position}

    OutboxEvent.objects.filter(pk=parked.pk).update(published_at=NOON, parked_at=None)
    assert catch_up(at_once=True) == Projected(applied=1)

    assert OwedEvent.objects.get().pk == behind.position


def test_of_many_consumers_one_looks_each_minute() -> None:
    in_outbox(bought())
    catch_up(at_once=True)
    in_outbox(bought())

    assert catch_up(at_once=False) == NOTHING
    _minutes_pass()

    assert catch_up(at_once=False).applied == 4


def test_a_look_that_is_stopped_leaves_the_checkpoint() -> None:
    in_outbox(bought())
    catch_up(at_once=True)
    _minutes_pass()

    catch_up(at_once=True, stopped=lambda: True)

    assert _position() == 0


def test_a_look_that_began_before_a_rebuild_moves_nothing() -> None:
    in_outbox(bought())
    catch_up(at_once=True)
    _minutes_pass()

    def rebuilt_meanwhile() -> bool:
        Checkpoint.objects.update(generation=F("generation") + 1)
        return False

    catch_up(at_once=True, stopped=rebuilt_meanwhile)

    assert _position() == 0


def test_an_outbox_that_was_restored_to_the_past_is_read_from_its_beginning() -> None:
    rows = in_outbox([*bought(), *bought()])
    catch_up(at_once=True)
    _minutes_pass()
    catch_up(at_once=True)
    assert _position() == rows[-1].position

    OutboxEvent.objects.filter(position__gt=rows[1].position).delete()
    OutboxEvent.objects.filter(pk=rows[1].pk).update(id="evt_another")
    assert catch_up(at_once=True) == Projected(applied=1)

    assert _position() == 0
    _minutes_pass()
    catch_up(at_once=True)
    assert _position() == rows[1].position


def test_an_event_of_another_shape_is_seen_once_and_kept_as_a_stray() -> None:
    in_outbox([order("paid", 1, total=None), *bought()])

    assert catch_up(at_once=True) == Projected(applied=5)
    assert catch_up(at_once=True) == NOTHING

    assert StrayMessage.objects.get().topic == "outbox"
    assert DailySales.objects.get().orders == 1


def test_unknown_types_are_seen_and_change_nothing() -> None:
    note("tst_1", "a", "b")
    OutboxEvent.objects.update(published_at=NOON)

    assert catch_up(at_once=True) == Projected(applied=2)

    assert not DailySales.objects.exists()


def test_more_than_a_batch_is_read_in_one_look() -> None:
    in_outbox([order("expired", 1, came_from="PROPOSED") for _ in range(1_201)])

    assert catch_up(at_once=True) == Projected(applied=1_201)
