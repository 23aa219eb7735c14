"""A flight goes off sale, comes back, and is cancelled for good; the ledger refuses whoever comes later."""

import pytest
from django.db import transaction

from altis.shared import clock
from altis.shared.actors import system
from catalog import selectors
from catalog.errors import FlightIsCancelled, FlightIsOver, FlightNotFound, SalesAreSo, SoldOut
from catalog.index.loading import read_revision
from catalog.models import Flight, Inventory
from catalog.services.cancel_flight import cancel_flight
from catalog.services.close_sales import close_sales, reopen_sales
from catalog.services.holds import sell_units
from tests.catalog.books import contradictions, figures, gate
from tests.catalog.services.commands import BY_STAFF, everything, hold, last_line, told
from tests.conftest import Later
from tests.factories import cabin_of, make_flight

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def flight() -> Flight:
    return make_flight(seats={"economy": 20})


def _on_sale(flight: Flight) -> list[str]:
    found = selectors.flights_on(
        origin=flight.origin_id, destination=flight.destination_id, departure_date=flight.departure_date
    )
    return [view.id for view in found]


def test_a_closed_flight_is_not_found_and_holds_nothing_more(flight: Flight) -> None:
    cabin, revision = cabin_of(flight), read_revision()

    close_sales(flight_id=flight.pk, **BY_STAFF)

    assert (_on_sale(flight), read_revision() > revision) == ([], True)
    with pytest.raises(SoldOut):
        hold(cabin, 1)
    assert last_line(cabin) == ("CLOSE", 0, "staff:usr_ana", "schedule_change")
    assert (told(), gate(cabin)) == (["altis.inventory.closed"], {"base": "20", "ver": "2"})
    assert contradictions() == {}


def test_what_was_held_before_can_still_be_paid(flight: Flight) -> None:
    cabin = cabin_of(flight)
    hold(cabin, 3)
    close_sales(flight_id=flight.pk, **BY_STAFF)

    with transaction.atomic():
        sell_units(["ord_1"], cause=system("test", "paid"))

    assert figures(cabin) == (0, 3, 4)
    assert contradictions() == {}


def test_a_reopened_flight_sells_again(flight: Flight) -> None:
    close_sales(flight_id=flight.pk, **BY_STAFF)

    reopen_sales(flight_id=flight.pk, **BY_STAFF)

    hold(cabin_of(flight), 1)
    assert (_on_sale(flight), Flight.objects.get().status) == ([flight.pk], "ON SALE")
    assert told() == [f"altis.inventory.{what}" for what in ("closed", "reopened", "held")]


def test_nothing_is_closed_or_opened_twice(flight: Flight) -> None:
    with pytest.raises(SalesAreSo):
        reopen_sales(flight_id=flight.pk, **BY_STAFF)
    close_sales(flight_id=flight.pk, **BY_STAFF)
    before = everything()

    with pytest.raises(SalesAreSo):
        close_sales(flight_id=flight.pk, **BY_STAFF)

    assert everything() == before


def test_a_cancelled_flight_keeps_its_paid_orders_as_a_list_of_work(flight: Flight) -> None:
    cabin = cabin_of(flight)
    hold(cabin, 2, order_id="ord_paid", sold=True)
    hold(cabin, 1, order_id="ord_open")
    elsewhere = make_flight(origin="SIN")
    hold(cabin_of(elsewhere), 1, order_id="ord_elsewhere", sold=True)

    cancelled = cancel_flight(flight_id=flight.pk, **BY_STAFF)

    assert (cancelled.status, _on_sale(flight), figures(cabin)[:2]) == ("CANCELLED", [], (1, 2))
    [stranded] = selectors.orders_of_cancelled_flights(flight.pk)
    assert (stranded.order_id, stranded.flight_id, stranded.units) == ("ord_paid", flight.pk, 2)
    assert selectors.orders_of_cancelled_flights(elsewhere.pk) == []
    with pytest.raises(SoldOut):
        hold(cabin, 1, order_id="ord_late")
    assert contradictions() == {}


def test_a_cancelled_flight_stays_so(flight: Flight) -> None:
    cancel_flight(flight_id=flight.pk, **BY_STAFF)
    before = everything()

    for command in (cancel_flight, close_sales, reopen_sales):
        with pytest.raises(FlightIsCancelled):
            command(flight_id=flight.pk, **BY_STAFF)
        with pytest.raises(FlightNotFound):
            command(flight_id="flt_none", **BY_STAFF)

    assert everything() == before


@pytest.mark.parametrize("seconds_over", [-60, 60])
def test_a_flight_is_changed_until_a_day_after_its_landing_and_never_later(
    flight: Flight, later: Later, seconds_over: int
) -> None:
    later((flight.arriving_at - clock.now()).total_seconds() + 86_400 + seconds_over)
    before, ends = everything(), list[str]()

    for command in (close_sales, cancel_flight):
        try:
            ends.append(command(flight_id=flight.pk, **BY_STAFF).status)
        except FlightIsOver as refusal:
            ends.append(refusal.code)

    assert ends == (["flight_over"] * 2 if seconds_over > 0 else ["CLOSED", "CANCELLED"])
    assert (everything() == before) == (seconds_over > 0)


def test_a_flight_closed_past_its_ledger_is_closed_in_the_ledger_too(flight: Flight) -> None:
    Flight.objects.update(sales_open=False)

    close_sales(flight_id=flight.pk, **BY_STAFF)

    assert Inventory.objects.get().closed is True
