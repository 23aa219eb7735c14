"""The audit of the gate: what no push on its way can explain is found, and what one can explain is waited for."""

import threading
import time

import pytest

from altis.shared.errors import Unavailable
from altis.store.redis import client as redis_client
from catalog import inventory
from catalog.inventory import Level
from catalog.models import Inventory
from catalog.services import audit as module
from catalog.services.audit import audit_gate
from catalog.services.reconcile import rebuild
from tests.catalog.books import set_gate
from tests.factories import cabin_of, make_flight
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats() -> Inventory:
    """Ten seats, version 1, and the gate says so."""
    row = cabin_of(make_flight(seats={"economy": 10}))
    rebuild()
    return row


def _audit(*, quiesced: bool = False, ids: list[int] | None = None) -> tuple[list[int], list[int]]:
    """The ids of gates that are ahead, and of those that are wrong otherwise."""
    audit = audit_gate(ids, quiesced=quiesced, patience=0.3)
    return audit.ahead, audit.wrong


def _token(seats: Inventory, value: str) -> None:
    redis_client().hset(f"inv:{{{seats.pk}}}", "t:off_1", value)


@pytest.mark.parametrize("quiesced", [False, True])
def test_a_true_gate_and_a_cold_one_are_right(seats: Inventory, quiesced: bool) -> None:
    cold = cabin_of(make_flight())

    assert _audit(quiesced=quiesced) == ([], [])
    assert _audit(quiesced=quiesced, ids=[seats.pk, cold.pk]) == ([], [])


def test_a_gate_ahead_of_the_ledger_is_found(seats: Inventory) -> None:
    set_gate(seats, base=10, ver=2)

    assert _audit() == ([seats.pk], [])


@pytest.mark.parametrize("quiesced", [False, True])
def test_another_figure_of_the_same_version_is_found(seats: Inventory, quiesced: bool) -> None:
    set_gate(seats, base=11, ver=1)

    assert _audit(quiesced=quiesced) == ([], [seats.pk])


def test_a_gate_that_stays_behind_is_found_at_rest_at_once(seats: Inventory) -> None:
    set_gate(seats, base=10, ver=0)
    began = time.monotonic()

    assert _audit(quiesced=True) == ([], [seats.pk])
    assert time.monotonic() - began < 0.2
    assert _audit() == ([], [seats.pk])
    assert time.monotonic() - began > 0.3


def test_a_push_on_its_way_is_waited_for(seats: Inventory) -> None:
    set_gate(seats, base=10, ver=0)
    push = threading.Timer(0.1, inventory.push, [[Level(seats.pk, 10, 1)]])

    push.start()
    audit = audit_gate(patience=5)

    push.join()
    assert (audit.ahead, audit.wrong) == ([], [])


def test_a_token_in_flight_is_right_until_all_is_at_rest(seats: Inventory) -> None:
    inventory.hold(seats.pk, token="off_1", units=2)

    assert _audit() == ([], [])
    assert _audit(quiesced=True) == ([], [seats.pk])


@pytest.mark.parametrize("quiesced", [False, True])
def test_a_token_that_has_died_is_nothing(seats: Inventory, quiesced: bool) -> None:
    _token(seats, "2|1")

    assert _audit(quiesced=quiesced) == ([], [])


@pytest.mark.parametrize("value", ["2|99999999999999", "2|never", "nonsense"])
def test_a_token_that_will_not_die_is_found(seats: Inventory, value: str) -> None:
    _token(seats, value)

    assert _audit() == ([], [seats.pk])


@pytest.mark.parametrize("field", ["base", "ver"])
def test_figures_that_cannot_be_read_are_found(seats: Inventory, field: str) -> None:
    redis_client().hset(f"inv:{{{seats.pk}}}", field, "many")

    assert _audit() == ([], [seats.pk])


def test_a_gate_of_no_inventory_is_found(seats: Inventory) -> None:
    inventory.push([Level(seats.pk + 999, 5, 1)])

    assert _audit() == ([], [seats.pk + 999])


def test_more_than_one_chunk_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [cabin_of(make_flight()) for _ in range(5)]
    rebuild()
    monkeypatch.setattr(module, "CHUNK", 2)
    set_gate(rows[0], base=1, ver=1)
    set_gate(rows[4], base=1, ver=1)

    assert _audit() == ([], [rows[0].pk, rows[4].pk])


def test_redis_away_is_said_and_a_short_pause_is_not(seats: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, real = iter([redis_nowhere(), redis_client()]), redis_client
    with monkeypatch.context() as patched:
        patched.setattr(inventory, "client", lambda: next(calls, real()))
        assert _audit(ids=[seats.pk]) == ([], [])
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    with pytest.raises(Unavailable):
        _audit(ids=[seats.pk])
