"""What holds only after a stated delay, or at rest: excused until then, found from then on."""

from datetime import datetime

import pytest
from django.db import connection

from altis.insight.invariants import numbered
from altis.insight.services.check import look
from altis.insight.services.snapshot import Extent
from tests.insight.world import World


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount


def _found(number: str, *, quiesced: bool = False) -> list[str]:
    [invariant] = numbered(number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT altis_now()")
        now: datetime = cursor.fetchone()[0]
    return list(look(invariant, Extent(now), quiesced=quiesced).ids)


@pytest.mark.parametrize(("late", "found"), [(8, False), (11, True)])
def test_the_sweep_has_ten_seconds(world: World, late: int, found: bool) -> None:
    _run(f"UPDATE orders_order SET expires_at = altis_now() - interval '{late} s' WHERE status = 'PROPOSED'")

    assert _found("I14a") == ([world.proposed] if found else [])


@pytest.mark.parametrize(("late", "found"), [(55, False), (61, True)])
def test_the_janitor_has_a_minute_after_the_deadline(world: World, late: int, found: bool) -> None:
    late_by = f"altis_now() - interval '{late} s'"
    _run(f"UPDATE payments_payment SET deadline_at = {late_by} WHERE order_id = '{world.pending}'")

    assert len(_found("I21")) == int(found)


def test_the_relay_has_a_minute_and_none_at_rest(world: World) -> None:
    _run("UPDATE store_outboxevent SET published_at = now() WHERE sequence > 1")

    assert _found("I11b") == []
    assert len(_found("I11b", quiesced=True)) > 0
    _run(f"UPDATE store_outboxevent SET created_at = altis_now() - interval '61 s' WHERE subject = '{world.proposed}'")
    assert len(_found("I11b")) == 1


def test_a_parked_event_is_found_at_once(world: World) -> None:
    _run("UPDATE store_outboxevent SET published_at = now()")
    assert _found("I11b", quiesced=True) == []

    _run(f"UPDATE store_outboxevent SET published_at = NULL, parked_at = now() WHERE subject = '{world.expired}'")

    assert len(_found("I11b")) == 2
