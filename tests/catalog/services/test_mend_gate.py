"""Drift is found, told with its cause, and mended by the push that carries the ledger's version."""

import pytest

from altis.shared.actors import Actor
from altis.shared.errors import Unavailable
from altis.store.redis import client as redis_client
from catalog import inventory
from catalog.inventory import Level
from catalog.models import Inventory, JournalEntry
from catalog.services import audit
from catalog.services.compare_gate import Drift, DriftCause, compare_gate
from catalog.services.mend_gate import mend_gate
from tests.catalog.books import gate, set_gate
from tests.catalog.services.commands import STAFF, hold
from tests.factories import cabin_of, make_flight
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db(transaction=True)
FAR = 4_102_444_800_000  # the year 2100, in ms


@pytest.fixture
def seats() -> Inventory:
    """Ten seats, three of them held: version 2, with a gate that knows it."""
    row = cabin_of(make_flight(seats={"economy": 10}))
    hold(row, 3)
    row.refresh_from_db()
    inventory.push([Level(row.pk, row.available, row.version)])
    return row


def _key(row: Inventory) -> str:
    return f"inv:{{{row.pk}}}"


def _plant(row: Inventory, cause: DriftCause) -> None:
    if cause is DriftCause.STALE:
        set_gate(row, base=10, ver=1)
    elif cause is DriftCause.AHEAD:
        set_gate(row, base=1, ver=9)
    elif cause is DriftCause.OVERWRITTEN:
        set_gate(row, base=99, ver=2)
    elif cause is DriftCause.WIPED:
        redis_client().hset(_key(row), mapping={"base": "?", "ver": 2})
    else:
        redis_client().hset(_key(row), "t:off_forgotten", f"5|{FAR}")


@pytest.mark.parametrize("cause", [cause for cause in DriftCause if cause is not DriftCause.UNKNOWN])
def test_a_planted_drift_is_found_told_and_mended(seats: Inventory, cause: DriftCause) -> None:
    _plant(seats, cause)

    [drift] = mend_gate(actor=STAFF)

    assert (drift.inventory_id, drift.cause, drift.ledger, drift.ledger_version) == (seats.pk, cause, 7, 2)
    assert gate(seats) == {"base": "7", "ver": "2"}
    assert compare_gate().drifts == ()


def test_a_gate_that_has_a_version_and_no_figure_is_wiped_and_no_crash(seats: Inventory) -> None:
    redis_client().hdel(_key(seats), "base")

    [drift] = compare_gate([seats.pk]).drifts
    mend_gate(inventory_ids=[seats.pk], actor=STAFF)

    assert (drift.cause, drift.gate, drift.gate_version) == (DriftCause.WIPED, None, 2)
    assert gate(seats) == {"base": "7", "ver": "2"}


def test_many_drifts_are_told_and_mended_in_parts(seats: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "CHUNK", 2)
    rows = [seats, *(cabin_of(make_flight(seats={"economy": 10})) for _ in range(4))]
    for row in rows:
        set_gate(row, base=4, ver=0)

    mended = mend_gate(actor=STAFF)

    assert [drift.inventory_id for drift in mended] == [row.pk for row in rows]
    assert [drift.since for drift in mended] == [row.journal.get(version=1).at for row in rows]
    assert compare_gate().drifts == ()


def test_a_stale_gate_is_wrong_since_the_first_change_that_it_missed(seats: Inventory) -> None:
    _plant(seats, DriftCause.STALE)

    at = JournalEntry.objects.get(inventory=seats, version=2).at
    assert compare_gate([seats.pk]).drifts == (Drift(seats.pk, DriftCause.STALE, 10, 1, 7, 2, since=at),)


def test_looking_mends_nothing(seats: Inventory) -> None:
    _plant(seats, DriftCause.AHEAD)

    compare_gate()

    assert gate(seats) == {"base": "1", "ver": "9"}


def test_one_is_mended_and_the_other_left(seats: Inventory) -> None:
    other = cabin_of(make_flight(seats={"economy": 5}))
    set_gate(other, base=4, ver=1)
    _plant(seats, DriftCause.AHEAD)

    mend_gate(inventory_ids=[seats.pk], actor=STAFF)

    assert [drift.inventory_id for drift in compare_gate().drifts] == [other.pk]


def test_a_gate_of_an_inventory_that_is_none_is_forgotten(seats: Inventory) -> None:
    inventory.push([Level(10**9, 5, 1)])

    [drift] = mend_gate(actor=Actor("staff", "usr_ana"))

    assert (drift.cause, redis_client().exists(f"inv:{{{10**9}}}")) == (DriftCause.UNKNOWN, 0)


def test_tokens_that_live_are_left_alone(seats: Inventory) -> None:
    inventory.hold(seats.pk, token="off_alive", units=2)
    _plant(seats, DriftCause.TOKENS)

    mend_gate(actor=STAFF)

    assert set(gate(seats)) == {"base", "ver", "t:off_alive"}


def test_a_cold_gate_is_no_drift(seats: Inventory) -> None:
    redis_client().delete(_key(seats))

    found = compare_gate()

    assert (found.drifts, found.warm, found.total) == ((), 0, 1)


def test_without_redis_nothing_is_said(seats: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    with pytest.raises(Unavailable):
        compare_gate()
