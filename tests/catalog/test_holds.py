"""Holding, releasing and selling: ledger, journal, event and gate move together, or not at all."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from altis.shared.actors import system
from altis.store.models import OutboxEvent
from catalog import inventory
from catalog.errors import SoldOut
from catalog.models import Hold, Inventory, JournalEntry
from catalog.services import ledger
from catalog.services.holds import GatePass, Need, correct_gate, enter_gate, hold_units, sell_units
from catalog.services.release import release_set
from tests.catalog.books import contradictions, figures, gate, holds_of, journal, set_gate
from tests.factories import cabin_of, make_flight
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db
CAUSE = system("test", "because")
Committing = Callable[..., AbstractContextManager[list[Any]]]


@pytest.fixture
def seats() -> Inventory:
    return cabin_of(make_flight(seats={"economy": 10}))


@pytest.fixture
def others() -> Inventory:
    return cabin_of(make_flight(seats={"economy": 4}))


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Committing) -> Callable[[], AbstractContextManager[list[Any]]]:
    """What stands inside is as good as committed when it ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def _hold(order: str, *needs: tuple[Inventory, int]) -> None:
    wanted = [Need(row.pk, f"{order}_{number}", units) for number, (row, units) in enumerate(needs)]
    with transaction.atomic():
        hold_units(order_id=order, needs=wanted, token=f"off_{order}", cause=CAUSE)


def test_a_cold_gate_is_filled_from_the_ledger_on_the_way_in(seats: Inventory) -> None:
    entered = enter_gate({seats.pk: 3}, token="off_1")

    assert entered == GatePass("off_1", (seats.pk,))
    assert (gate(seats)["base"], gate(seats)["ver"], gate(seats)["t:off_1"][:2]) == ("10", "1", "3|")


def test_whoever_is_refused_at_one_gate_leaves_none_of_them_shut(seats: Inventory, others: Inventory) -> None:
    with pytest.raises(SoldOut):
        enter_gate({seats.pk: 5, others.pk: 5}, token="off_1")

    assert gate(seats) == {"base": "10", "ver": "1"}
    assert gate(others) == {"base": "4", "ver": "1"}


def test_only_who_put_the_token_there_may_take_it_away(seats: Inventory) -> None:
    first = enter_gate({seats.pk: 10}, token="off_1")
    twin = enter_gate({seats.pk: 10}, token="off_1")

    twin.give_back()
    assert "t:off_1" in gate(seats)
    first.give_back()

    assert gate(seats) == {"base": "10", "ver": "1"}
    assert twin.mine == ()


def test_without_redis_the_gate_is_open_and_nothing_is_to_give_back(
    seats: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    entered = enter_gate({seats.pk: 99}, token="off_1")
    GatePass("off_1", (seats.pk,)).give_back()

    assert entered.mine == ()


def test_what_the_ledger_does_not_know_is_sold_out() -> None:
    with pytest.raises(SoldOut):
        enter_gate({987_654: 1}, token="off_1")


def test_a_hold_is_in_the_ledger_the_journal_one_event_and_the_gate(seats: Inventory, committing: Committing) -> None:
    enter_gate({seats.pk: 5}, token="off_a")

    with committing():
        _hold("a", (seats, 3), (seats, 2))
        assert "t:off_a" in gate(seats)

    assert figures(seats) == (5, 0, 3)
    assert journal(seats) == [(2, "HOLD", 3, 0), (3, "HOLD", 2, 0)]
    event = OutboxEvent.objects.get()
    assert (event.topic, event.type, event.sequence) == ("altis.inventory", "altis.inventory.held", 3)
    assert (event.payload["available"], event.payload["held"], event.payload["reason"]) == (5, 5, "because")
    assert gate(seats) == {"base": "5", "ver": "3"}
    assert contradictions() == {}


def test_all_is_held_or_nothing(seats: Inventory, others: Inventory, committing: Committing) -> None:
    with committing() as told, pytest.raises(SoldOut):
        _hold("a", (others, 5), (seats, 1))

    assert (figures(seats), figures(others), told) == ((0, 0, 1), (0, 0, 1), [])
    assert not Hold.objects.exists()
    assert not OutboxEvent.objects.exists()
    assert contradictions() == {}


def test_the_last_units_can_be_held_and_not_one_more(others: Inventory) -> None:
    _hold("a", (others, 4))

    with pytest.raises(SoldOut):
        _hold("b", (others, 1))

    assert (figures(others), holds_of("b")) == ((4, 0, 2), [])


def test_a_release_gives_back_once(seats: Inventory, committing: Committing) -> None:
    _hold("a", (seats, 3), (seats, 2))

    with committing(), transaction.atomic():
        release_set(["a"], cause=CAUSE)
    with committing() as again, transaction.atomic():
        release_set(["a"], cause=CAUSE)

    assert (figures(seats), again) == ((0, 0, 5), [])
    assert [line[:2] for line in journal(seats)[2:]] == [(4, "RELEASE"), (5, "RELEASE")]
    assert sorted(line[2] for line in journal(seats)[2:]) == [-3, -2]
    assert holds_of("a") == [("RELEASED", 3), ("RELEASED", 2)]
    assert gate(seats) == {"base": "10", "ver": "5"}
    assert contradictions() == {}


def test_a_sale_turns_held_into_sold_and_cannot_be_released(seats: Inventory, committing: Committing) -> None:
    _hold("a", (seats, 3))

    with committing(), transaction.atomic():
        sell_units(["a"], cause=CAUSE)
        release_set(["a"], cause=CAUSE)

    assert (figures(seats), holds_of("a")) == ((0, 3, 3), [("SOLD", 3)])
    assert journal(seats) == [(2, "HOLD", 3, 0), (3, "SELL", -3, 3)]
    assert gate(seats) == {"base": "7", "ver": "3"}
    assert contradictions() == {}


@pytest.mark.parametrize("few", [1, 20])
def test_many_orders_are_released_with_one_event_per_inventory(
    few: int, seats: Inventory, others: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "_FEW", few)  # a set of two, or two
    for order in "abc":
        _hold(order, (seats, 1), (others, 1))
    OutboxEvent.objects.all().delete()

    with transaction.atomic():
        release_set(["a", "b"], cause=CAUSE)

    assert (figures(seats), figures(others)) == ((1, 0, 6), (1, 0, 6))
    assert [event.type for event in OutboxEvent.objects.all()] == ["altis.inventory.released"] * 2
    assert contradictions() == {}


def test_after_the_ledger_refused_the_gate_hears_the_truth(seats: Inventory) -> None:
    _hold("a", (seats, 9))
    set_gate(seats, base=10, ver=1)
    enter_gate({seats.pk: 5}, token="off_b")

    correct_gate([seats.pk], token="off_b")

    assert gate(seats) == {"base": "1", "ver": "2"}


def test_a_gate_that_is_away_stops_neither_hold_nor_release(
    seats: Inventory, committing: Committing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    with committing():
        _hold("a", (seats, 3))
    with committing(), transaction.atomic():
        release_set(["a"], cause=CAUSE)

    assert figures(seats) == (0, 0, 3)


def test_the_journal_refuses_to_be_changed(seats: Inventory) -> None:
    with pytest.raises(IntegrityError, match="its rows are history"), transaction.atomic():
        JournalEntry.objects.update(d_held=9)
    with pytest.raises(IntegrityError, match="its rows are history"), transaction.atomic():
        JournalEntry.objects.all().delete()

    assert contradictions() == {}


def test_the_database_itself_refuses_to_oversell(others: Inventory) -> None:
    for wrong in ({"held": 5}, {"sold": 5}, {"held": 3, "sold": 2}, {"capacity": 0, "held": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Inventory.objects.filter(pk=others.pk).update(**wrong)

    assert figures(others) == (0, 0, 1)
