"""The reconciler makes the gate true again, whatever happened to it or to the ledger."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from altis.shared.errors import Unavailable
from altis.store.redis import client as redis_client
from catalog import inventory
from catalog.models import Inventory
from catalog.services import reconcile as module
from catalog.services.reconcile import mend, rebuild, reconcile
from catalog.tasks import reconcile_availability
from tests.catalog.books import gate, set_gate
from tests.conftest import Later
from tests.factories import cabin_of, make_flight
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db
TRUE = {"base": "10", "ver": "1"}


@pytest.fixture
def seats() -> Inventory:
    """Ten seats, version 1, with a warm gate and a reconciler that has run before."""
    row = cabin_of(make_flight(seats={"economy": 10}))
    rebuild()
    inventory.remember_run_id(inventory.server_run_id())
    return row


def test_a_gate_that_is_true_is_left_alone(seats: Inventory) -> None:
    assert (reconcile(), gate(seats)) == (0, TRUE)


def test_a_push_that_was_lost_is_repeated(seats: Inventory) -> None:
    set_gate(seats, base=4, ver=0)

    assert reconcile_availability() == 1

    assert gate(seats) == TRUE
    assert reconcile() == 0


def test_a_ledger_that_went_back_in_time_is_forced_into_the_gate_and_logged(seats: Inventory) -> None:
    set_gate(seats, base=2, ver=9)

    with capture_logs() as lines:
        assert reconcile() == 1

    assert gate(seats) == TRUE
    assert [(line["log_level"], line["inventories"]) for line in lines] == [("error", 1)]


def test_a_restored_ledger_that_has_caught_up_with_the_gates_version_is_forced_as_well(seats: Inventory) -> None:
    set_gate(seats, base=2, ver=1)

    with capture_logs() as lines:
        assert reconcile() == 1

    assert gate(seats) == TRUE
    assert [line["log_level"] for line in lines] == ["error"]


@pytest.mark.parametrize("fields", [{"ver": "1"}, {"base": "10"}, {"base": "?", "ver": "9"}])
def test_a_gate_that_cannot_be_read_is_drift_and_no_crash(seats: Inventory, fields: dict[str, str]) -> None:
    redis_client().delete(f"inv:{{{seats.pk}}}")
    redis_client().hset(f"inv:{{{seats.pk}}}", mapping=dict[Any, Any](fields))

    with capture_logs() as lines:
        assert reconcile() == 1

    assert (gate(seats), reconcile()) == (TRUE, 0)
    assert [(line["log_level"], line["inventories"]) for line in lines] == [("error", 1)]


def test_what_was_wrong_is_counted_by_its_kind(seats: Inventory) -> None:
    before = _drift()

    set_gate(seats, base=4, ver=0)
    reconcile()
    set_gate(seats, base=2, ver=9)
    reconcile()
    reconcile()

    behind, restored = _drift()
    assert (behind - before[0], restored - before[1]) == (1, 1)


def _drift() -> tuple[float, float]:
    """Inventories found behind the ledger, and found ahead of it, in this process so far."""
    behind, restored = (
        REGISTRY.get_sample_value("altis_gate_drift_total", {"kind": kind}) or 0.0 for kind in ("behind", "restored")
    )
    return behind, restored


def test_a_token_in_flight_outlives_the_mending(seats: Inventory) -> None:
    inventory.hold(seats.pk, token="off_1", units=2)
    set_gate(seats, base=4, ver=0)

    mend([seats.pk])

    assert "t:off_1" in gate(seats)


def test_a_gate_that_was_wiped_stays_cold_until_it_is_asked(seats: Inventory) -> None:
    redis_client().flushdb()

    assert (reconcile(), gate(seats)) == (0, {})


def test_a_gate_with_stale_data_after_a_restart_is_looked_through_at_once(
    seats: Inventory, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    later(120)
    set_gate(seats, base=4, ver=0)
    monkeypatch.setattr(inventory, "next_ids", lambda share: [])
    assert reconcile() == 0
    inventory.remember_run_id("the server before")

    assert reconcile() == 1

    assert gate(seats) == TRUE


def test_thirty_rounds_see_every_id_though_nothing_changed_lately(seats: Inventory, later: Later) -> None:
    set_gate(seats, base=4, ver=0)

    mended = []
    for second in range(30):
        later(120 + second)
        mended.append(reconcile())

    assert (sum(mended), gate(seats)) == (1, TRUE)


def test_everything_can_be_asked_for(seats: Inventory, later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    later(120)
    set_gate(seats, base=4, ver=0)
    monkeypatch.setattr(inventory, "next_ids", lambda share: [])

    assert reconcile(everything=True) == 1


def test_one_round_runs_at_a_time(seats: Inventory) -> None:
    set_gate(seats, base=4, ver=0)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [module._LEADER_LOCK])
            assert reconcile() == 0
            cursor.execute("SELECT pg_advisory_unlock(%s)", [module._LEADER_LOCK])
    finally:
        other.close()

    assert gate(seats) == {"base": "4", "ver": "0"}
    assert reconcile() == 1


def test_without_redis_a_round_says_so(seats: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    with pytest.raises(Unavailable):
        reconcile()


def test_the_whole_gate_can_be_built_from_the_ledger(seats: Inventory) -> None:
    redis_client().flushdb()
    out = StringIO()

    call_command("rebuild_availability", stdout=out)

    assert (out.getvalue(), gate(seats)) == ("1 inventories pushed\n", TRUE)
