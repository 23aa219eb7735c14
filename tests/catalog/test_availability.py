"""What searches see as available: the gate's figure, the ledger's where the gate is cold or away."""

import pytest

from altis.store.redis import client as redis_client
from catalog import inventory
from catalog.models import Inventory
from catalog.services.availability import available_many
from tests.catalog.books import gate, set_gate
from tests.factories import cabin_of, make_flight
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats() -> Inventory:
    return cabin_of(make_flight(seats={"economy": 10}))


def test_a_cold_gate_is_filled_on_the_way(seats: Inventory) -> None:
    assert available_many([seats.pk, seats.pk]) == {seats.pk: 10}

    assert gate(seats) == {"base": "10", "ver": "1"}


def test_a_warm_gate_is_believed_without_asking_the_database(
    seats: Inventory, django_assert_num_queries: object
) -> None:
    set_gate(seats, base=3, ver=8)

    with django_assert_num_queries(0):  # type: ignore[operator]  # the fixture has no public type
        assert available_many([seats.pk]) == {seats.pk: 3}


def test_ids_that_nobody_knows_are_left_out(seats: Inventory) -> None:
    assert available_many([seats.pk, 987_654]) == {seats.pk: 10}
    assert available_many([]) == {}


def test_without_redis_the_ledger_answers(seats: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    assert available_many([seats.pk, 987_654]) == {seats.pk: 10}


def test_a_gate_that_goes_away_while_it_is_filled_stays_cold(seats: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    clients = iter([redis_client(), redis_nowhere(), redis_nowhere()])
    monkeypatch.setattr(inventory, "client", lambda: next(clients))

    assert available_many([seats.pk]) == {seats.pk: 10}

    assert gate(seats) == {}
