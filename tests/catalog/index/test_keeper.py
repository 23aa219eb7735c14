"""The keeper against real servers: what it hears, when it reads anew, and when it is not to be believed."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from altis.shared.actors import system
from altis.store.redis import client as redis_client
from catalog import index, inventory
from catalog.index import keeper as keeping
from catalog.index import loading
from catalog.index.catalogue import Catalogue
from catalog.index.keeper import Keeper, load
from catalog.inventory import Level
from catalog.models import Bundle, Fare, Flight, Inventory
from catalog.services.capacity import set_capacity
from tests.factories import cabin_of, make_bundle, make_flight
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def flight() -> Flight:
    return make_flight()


@pytest.fixture
def keeper(flight: Flight) -> Keeper:
    """A keeper that has read the catalogue."""
    kept = Keeper(load)
    _until(kept, lambda catalogue: True)
    return kept


def _until(keeper: Keeper, holds: Callable[[Catalogue], bool]) -> Catalogue:
    """Let it look until something holds of what it has."""
    deadline = time.monotonic() + 10
    while True:
        keeper.look()
        catalogue = keeper.current()
        if catalogue is not None and holds(catalogue):
            return catalogue
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _available(keeper: Keeper, row: Inventory) -> int:
    catalogue = keeper.current()
    assert catalogue is not None
    return catalogue.cells[row.pk].look.available


def test_what_the_gate_took_is_heard_at_the_next_look(keeper: Keeper, flight: Flight) -> None:
    seats = cabin_of(flight)
    assert _available(keeper, seats) == 100

    inventory.push([Level(seats.pk, 70, 9)])
    keeper.look()

    assert _available(keeper, seats) == 70


def test_older_news_never_stand_in_for_newer_unless_forced(keeper: Keeper, flight: Flight) -> None:
    seats = cabin_of(flight)
    inventory.push([Level(seats.pk, 70, 9)])
    keeper.look()
    catalogue = keeper.current()
    assert catalogue is not None

    catalogue.hear(seats.pk, available=80, version=8)
    assert _available(keeper, seats) == 70

    inventory.push([Level(seats.pk, 80, 8)], force=True)
    keeper.look()
    assert _available(keeper, seats) == 80


@pytest.mark.parametrize(
    "lose",
    [
        lambda: redis_client().flushdb(),
        lambda: redis_client().xtrim("news:inventory", maxlen=1, approximate=False),
    ],
)
def test_news_that_are_missing_make_it_read_the_ledger(keeper: Keeper, flight: Flight, lose: Any) -> None:
    seats = cabin_of(flight)
    Inventory.objects.filter(pk=seats.pk).update(sold=60, version=5)
    inventory.push([Level(seats.pk, 99, 3), Level(seats.pk + 1, 7, 1)])
    lose()

    seen = keeper._seen
    keeper.look()
    assert keeper._seen == seen  # not believed from here on

    assert _until(keeper, lambda catalogue: catalogue.cells[seats.pk].look.available == 40)


def test_a_flight_that_is_closed_is_gone_soon(keeper: Keeper, flight: Flight) -> None:
    Flight.objects.update(sales_open=False)

    assert _until(keeper, lambda catalogue: catalogue.flights == 0)


def test_without_the_trigger_it_would_never_know(keeper: Keeper, flight: Flight) -> None:
    """The control: what makes a change known is the trigger."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_flight DISABLE TRIGGER catalog_flight_revision")
        Flight.objects.update(sales_open=False)
        cursor.execute("ALTER TABLE catalog_flight ENABLE TRIGGER catalog_flight_revision")

    for _ in range(3):
        keeper.look()

    catalogue = keeper.current()
    assert catalogue is not None
    assert catalogue.flights == 1
    assert keeper._loader is None


@pytest.mark.parametrize("change", ["fare", "capacity"])
def test_a_new_price_or_size_is_read_while_the_old_index_serves(keeper: Keeper, flight: Flight, change: str) -> None:
    seats = cabin_of(flight)
    before = keeper.current()

    if change == "fare":
        Fare.objects.update(base_minor=12_345)
    else:
        set_capacity(inventory_ids=[seats.pk], capacity=120, cause=system("test", "resized"))
    keeper.look()

    assert keeper.current() is before
    now = _until(keeper, lambda catalogue: catalogue is not before).cells[seats.pk]
    assert (now.base_minor, now.capacity) == ((12_345, 100) if change == "fare" else (20_000, 120))


def test_a_bundle_changes_without_reading_the_flights_again(keeper: Keeper, flight: Flight) -> None:
    before = keeper.current()
    make_bundle("comfort")
    keeper.look()

    now = keeper.current()

    assert before is not None
    assert now is not None
    assert [bundle.code for bundle in now.assortment.bundles] == ["comfort"]
    assert (now.cells is before.cells, keeper._loader) == (True, None)
    Bundle.objects.update(active=False)
    keeper.look()
    assert keeper.current().assortment.bundles == ()  # type: ignore[union-attr]  # fresh


def test_orders_are_no_change_of_the_catalog(keeper: Keeper, flight: Flight) -> None:
    before = keeper.current()

    Inventory.objects.update(held=3, version=2)
    keeper.look()

    assert (keeper.current(), keeper._loader) == (before, None)


def test_what_the_gate_was_never_told_is_found_in_the_ledger(keeper: Keeper, flight: Flight) -> None:
    seats = cabin_of(flight)
    Inventory.objects.filter(pk=seats.pk).update(held=30, version=2)
    keeper.look()
    assert _available(keeper, seats) == 100

    keeper._told -= keeping.LEDGER_SECONDS + 1
    keeper.look()

    assert _available(keeper, seats) == 70


def test_it_is_believed_for_a_second(keeper: Keeper) -> None:
    assert keeper.current() is not None

    keeper._seen -= keeping.FRESH_SECONDS

    assert keeper.current() is None
    keeper.look()
    assert keeper.current() is not None


@pytest.mark.parametrize("store", ["redis", "postgresql"])
def test_a_look_at_one_store_alone_does_not_count(keeper: Keeper, store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = keeper._seen
    if store == "redis":
        monkeypatch.setattr(inventory, "patient_client", redis_nowhere)
    else:
        monkeypatch.setattr(loading, "_REVISION", "SELECT nothing")

    keeper.look()
    assert keeper._seen == seen

    monkeypatch.undo()
    keeper.look()
    assert keeper._seen > seen


@pytest.fixture
def running(settings: Any) -> Iterator[None]:
    """The index of this process, as an API process has it."""
    settings.ALTIS_INDEX = True
    index.start()
    yield
    index.stop()
    deadline = time.monotonic() + 10
    while any(thread.name.startswith("index") for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_process_reads_it_by_itself_and_keeps_it_true(flight: Flight, running: None) -> None:
    seats = cabin_of(flight)
    deadline = time.monotonic() + 10
    while not index.fresh():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    inventory.push([Level(seats.pk, 11, 9)])

    began = time.monotonic()
    while index.current().cells[seats.pk].look.available != 11:  # type: ignore[union-attr]  # fresh all the while
        time.sleep(0.01)

    assert time.monotonic() - began < keeping.FRESH_SECONDS


def test_it_is_off_unless_it_is_wanted(flight: Flight) -> None:
    index.start()

    assert (index.fresh(), index.current()) == (False, None)
