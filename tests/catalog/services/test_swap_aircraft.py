"""Another aircraft: its cabins take over, unless somebody who is booked would lose a seat."""

import pytest

from catalog.errors import AircraftTooSmall, FlightIsCancelled, UnknownAircraft
from catalog.models import Flight, Inventory, SeatAssignment
from catalog.selectors import seats_off_the_map
from catalog.services.cancel_flight import cancel_flight
from catalog.services.close_sales import close_sales
from catalog.services.swap_aircraft import swap_aircraft
from tests.catalog.books import contradictions, gate
from tests.catalog.services.commands import BY_STAFF, everything, hold, last_line, told
from tests.factories import cabin_of, make_aircraft, make_flight
from tests.insight.books import violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def flight() -> Flight:
    return make_flight(seats={"economy": 20, "business": 8})


def _swap(flight: Flight, **seats: int) -> Flight:
    return swap_aircraft(flight_id=flight.pk, aircraft_code=make_aircraft(seats).pk, **BY_STAFF)


def _give(flight: Flight, *seats: str) -> None:
    for seat in seats:
        SeatAssignment.objects.create(
            flight=flight, seat=seat, order_id="ord_1", item_id=f"itm_{seat}", passenger_id="pax_1"
        )


def test_the_cabins_of_the_new_aircraft_take_over(flight: Flight) -> None:
    economy, business = cabin_of(flight), cabin_of(flight, "business")
    hold(economy, 5)

    after = _swap(flight, economy=12, first=4)

    seats = {row.cabin: (row.capacity, row.version) for row in Inventory.objects.all()}
    assert seats == {"economy": (12, 3), "business": (0, 2), "first": (4, 2)}
    assert last_line(business) == ("CAPACITY", -8, "staff:usr_ana", "schedule_change")
    assert (gate(economy)["base"], gate(cabin_of(after, "first"))) == ("7", {"base": "4", "ver": "2"})
    assert (told().count("altis.inventory.resized"), contradictions(), violations(("I10",))) == (3, {}, {})


def test_an_aircraft_that_is_too_small_is_refused_by_cabin_and_number(flight: Flight) -> None:
    hold(cabin_of(flight), 15)
    hold(cabin_of(flight, "business"), 2, order_id="ord_2", sold=True)
    small = make_aircraft({"economy": 12})
    before = everything()

    with pytest.raises(AircraftTooSmall, match=r"economy lacks 3; business lacks 2\.$"):
        swap_aircraft(flight_id=flight.pk, aircraft_code=small.pk, **BY_STAFF)

    assert everything() == before


def test_authorised_overbooking_covers_what_a_cabin_lacks(flight: Flight) -> None:
    hold(cabin_of(flight), 15)
    Inventory.objects.filter(cabin="economy").update(forced_over=3)

    _swap(flight, economy=12, business=8)

    assert (cabin_of(flight).capacity, cabin_of(flight).available) == (12, 0)


def test_named_seats_that_the_new_map_lacks_are_listed(flight: Flight) -> None:
    _give(flight, "5F", "2A", "4C")
    before = everything()

    with pytest.raises(AircraftTooSmall, match="in its cabin there is no seat 4C, 5F"):
        _swap(flight, economy=12)

    assert everything() == before
    assert seats_off_the_map(flight.pk, flight.aircraft_id) == []


def test_a_named_seat_that_would_be_in_another_cabin_is_listed(flight: Flight) -> None:
    _give(flight, "2A", "6A")  # rows 1 to 5 are economy, 6 and 7 business
    before = everything()

    with pytest.raises(AircraftTooSmall, match=r"in its cabin there is no seat 6A\.$"):
        _swap(flight, economy=24, business=8)

    assert everything() == before
    assert _swap(flight, economy=20, business=16).aircraft.name == "Test aircraft"


def test_a_new_cabin_of_a_closed_flight_is_closed(flight: Flight) -> None:
    close_sales(flight_id=flight.pk, **BY_STAFF)

    cabin = cabin_of(_swap(flight, economy=20, business=8, first=4), "first")

    assert (cabin.closed, cabin.capacity) == (True, 4)


def test_a_swap_to_what_is_none_or_of_what_is_cancelled_changes_nothing(flight: Flight) -> None:
    with pytest.raises(UnknownAircraft):
        swap_aircraft(flight_id=flight.pk, aircraft_code="NONE", **BY_STAFF)
    cancel_flight(flight_id=flight.pk, **BY_STAFF)
    before = everything()

    with pytest.raises(FlightIsCancelled):
        _swap(flight, economy=400)

    assert everything() == before
