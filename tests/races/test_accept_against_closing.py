"""Accepts race a close, a cancellation and a smaller aircraft: once the command is through, nothing more is held."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Q

from altis.shared import clock
from altis.shared.actors import system
from altis.shared.errors import AltisError
from catalog.errors import SoldOut
from catalog.models import Aircraft, Flight, Inventory
from catalog.services import change_capacity as changing
from catalog.services import flight_rows, ledger
from catalog.services.cancel_flight import cancel_flight
from catalog.services.change_capacity import change_capacity
from catalog.services.close_sales import close_sales
from catalog.services.holds import Need, hold_units
from catalog.services.swap_aircraft import swap_aircraft
from tests.catalog.books import contradictions
from tests.catalog.services.commands import BY_STAFF
from tests.factories import cabin_of, make_aircraft, make_flight, make_schedule
from tests.races.conftest import Without
from tests.races.threads import Runner, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 200  # of each test: a flight, three buyers, and one member of staff who changes it at that moment
BUYERS = 3
AT_ONCE = 25  # rounds between two starts of the threads, which a slow machine gets through in time
CLOSED = b"AND NOT (closed AND $5::int > 0)"
_ONE_OF_EACH_VERSION = (
    ("catalog_inventory_journal", "journal_versions_in_order"),
    ("store_outboxevent", "outbox_one_event_per_version"),
)
Command = Callable[[Flight], object]


def _buy(cabin: Inventory, order_id: str) -> None:
    """What an accept does to the ledger, without the order around it."""
    need = Need(cabin.pk, f"itm_{order_id}", 1)
    try:
        with transaction.atomic():
            hold_units(order_id=order_id, needs=[need], token="", cause=system("test", "race"))
    except SoldOut:
        pass


def _play(command: Command, rounds: int = ROUNDS) -> list[Flight]:
    """One flight after the other, all threads at the same one at the same moment; returns the flights."""
    schedule, first = make_schedule(seats={"economy": 8}), clock.now() + timedelta(days=1)
    flights = [make_flight(schedule, departing_at=first + timedelta(days=day)) for day in range(rounds)]
    for part in range(0, rounds, AT_ONCE):
        _play_some(command, flights[part : part + AT_ONCE])
    return flights


def _play_some(command: Command, flights: list[Flight]) -> None:
    cabins, start = [cabin_of(flight) for flight in flights], threading.Barrier(BUYERS + 1, timeout=30)

    def buy_all(buyer: int) -> None:
        for cabin in cabins:
            start.wait()
            _buy(cabin, f"ord_{cabin.pk}_{buyer}")

    def change_all() -> None:
        for flight in flights:
            start.wait()
            command(flight)

    race([*(Runner(partial(buy_all, buyer)) for buyer in range(BUYERS)), Runner(change_all)])


def _close(flight: Flight) -> object:
    return close_sales(flight_id=flight.pk, **BY_STAFF)


def _cancel(flight: Flight) -> object:
    return cancel_flight(flight_id=flight.pk, **BY_STAFF)


_BEHIND = """
SELECT count(*) FROM catalog_inventory_journal late JOIN catalog_inventory_journal closing
    ON closing.inventory_id = late.inventory_id AND closing.kind = 'CLOSE' AND late.version > closing.version
"""


def _behind() -> int:
    """How many lines the ledger has behind the one that closed it."""
    with connection.cursor() as cursor:
        cursor.execute(_BEHIND)
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("command", [_close, _cancel])
def test_nothing_is_held_behind_the_line_that_closes_a_flight(command: Command) -> None:
    flights = _play(command)

    assert Inventory.objects.filter(closed=True).count() == len(flights)
    assert (_behind(), contradictions()) == (0, {})


def test_control_without_the_ledgers_guard_holds_come_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CLOSED in ledger._CHANGE_ONE
    monkeypatch.setattr(ledger, "_CHANGE_ONE", ledger._CHANGE_ONE.replace(CLOSED, b""))

    _play(_close, ROUNDS // 5)

    assert _behind() > 0


def _shrink(flight: Flight) -> object:
    return change_capacity(inventory_id=cabin_of(flight).pk, capacity=2, **BY_STAFF)


def _swap(flight: Flight) -> object:
    return swap_aircraft(flight_id=flight.pk, aircraft_code=Aircraft.objects.get(name="Small").pk, **BY_STAFF)


@pytest.mark.parametrize("command", [_shrink, _swap])
def test_of_three_buyers_and_a_cabin_of_two_nobody_is_left_without_a_seat(command: Command) -> None:
    Aircraft.objects.filter(pk=make_aircraft({"economy": 2}).pk).update(name="Small")
    refused = 0

    def try_it(flight: Flight) -> None:
        nonlocal refused
        try:
            command(flight)
        except AltisError:
            refused += 1

    _play(try_it)

    ends = list(Inventory.objects.values_list("capacity", "held"))
    assert {(2, 2), (8, 3)} >= set(ends), set(ends)
    assert (ends.count((8, 3)), contradictions()) == (refused, {})


@pytest.mark.parametrize("command", [_shrink, _swap])
def test_control_without_the_lock_a_buyer_is_left_without_a_seat(
    command: Command, monkeypatch: pytest.MonkeyPatch, without: Without
) -> None:
    """Three have bought while the command, which has read that nobody had, makes up its mind."""
    Aircraft.objects.filter(pk=make_aircraft({"economy": 2}).pk).update(name="Small")
    without("catalog_inventory", "inventory_never_oversold")
    for table, rule in _ONE_OF_EACH_VERSION:  # they notice as well
        without(table, rule)
    cabin = cabin_of(make_flight(make_schedule(seats={"economy": 8})))

    def read_and_dawdle(condition: Q) -> list[Inventory]:
        rows = list(Inventory.objects.filter(condition).order_by("pk"))
        race([Runner(partial(_buy, cabin, f"ord_{buyer}")) for buyer in range(BUYERS)])
        return rows

    for place in (flight_rows, changing):
        monkeypatch.setattr(place, "lock_inventory", read_and_dawdle)
    command(cabin.flight)

    assert list(Inventory.objects.filter(pk=cabin.pk).values_list("capacity", "held")) == [(2, 3)]
    assert "I1" in contradictions()
