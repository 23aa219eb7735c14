"""Finding flights and connections, in a fixed number of queries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from altis.shared.money import Money
from catalog.models import Flight
from catalog.schedule import wall_time
from catalog.selectors import (
    connections_on,
    extras_inventory,
    flights_by_id,
    flights_on,
    known_airports,
)
from tests.factories import cabin_of, make_airport, make_flight, make_inventory, make_product

DAY = date(2026, 12, 1)
TEN = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def make_leg(origin: str, destination: str, departing_at: datetime, block_minutes: int = 60) -> Flight:
    return make_flight(origin=origin, destination=destination, departing_at=departing_at, block_minutes=block_minutes)


def found(origin: str = "LHR", destination: str = "JFK", **criteria: object) -> list[tuple[str, str]]:
    limits = {"min_minutes": 60, "max_minutes": 360, **criteria}
    pairs = connections_on(origin=origin, destination=destination, departure_date=DAY, **limits)  # type: ignore[arg-type]  # a dict of mixed values
    return [(first.id, second.id) for first, second in pairs]


def test_a_flight_is_seen_with_its_cabins_from_back_to_front() -> None:
    seats, fares = {"business": 16, "economy": 100}, {"business": "700.00", "economy": "200.00"}
    flight = make_flight(seats=seats, fares=fares, departing_at=TEN)

    [view] = flights_on(origin="LHR", destination="JFK", departure_date=DAY)

    assert (view.id, view.aircraft, view.departing_at) == (flight.id, "Test aircraft", TEN)
    assert [(each.cabin, each.capacity, each.base) for each in view.cabins] == [
        ("economy", 100, Money.of("200.00", "USD")),
        ("business", 16, Money.of("700.00", "USD")),
    ]
    assert view.cabins[0].inventory_id == cabin_of(flight).pk
    assert view.cabin("first") is None


def test_local_times_are_those_of_the_airports() -> None:
    make_flight(departing_at=TEN, block_minutes=480)

    [view] = flights_on(origin="LHR", destination="JFK", departure_date=DAY)

    assert wall_time(view.local_departure) == "2026-12-01T10:00:00"
    assert wall_time(view.local_arrival) == "2026-12-01T13:00:00"


def test_flights_come_in_order_of_departure_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    late, early = (make_flight(departing_at=TEN + hours(number)) for number in (4, 1))

    with django_assert_num_queries(1):
        views = flights_on(origin="LHR", destination="JFK", departure_date=DAY)

    assert [view.id for view in views] == [early.id, late.id]


def test_closed_gone_and_other_flights_are_not_found() -> None:
    make_flight(departing_at=TEN + hours(1), sales_open=False)
    make_flight(departing_at=TEN)
    make_flight(departing_at=TEN + hours(24))
    make_leg("JFK", "LHR", TEN + hours(1))

    assert flights_on(origin="LHR", destination="JFK", departure_date=DAY, after=TEN) == []


def test_a_cabin_without_a_fare_is_not_for_sale() -> None:
    flight = make_flight(departing_at=TEN, seats={"economy": 100, "business": 16})
    flight.schedule.fares.filter(cabin="business").delete()

    assert [each.cabin for each in flights_by_id([flight.id])[flight.id].cabins] == ["economy"]


def test_flights_are_read_by_id_whether_on_sale_or_not(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    flights = [make_flight(departing_at=TEN, sales_open=open) for open in (True, False)]

    with django_assert_num_queries(1):
        views = flights_by_id([*(flight.id for flight in flights), "flt_unknown"])

    assert set(views) == {flight.id for flight in flights}


def test_a_connection_needs_its_minutes_and_not_too_many() -> None:
    first = make_leg("LHR", "CDG", TEN)  # lands at 11:00
    too_soon, soonest, latest, too_late = (
        make_leg("CDG", "JFK", TEN + timedelta(minutes=minutes)) for minutes in (119, 120, 420, 421)
    )

    assert found() == [(first.id, soonest.id), (first.id, latest.id)]
    assert found(min_minutes=59, max_minutes=59) == [(first.id, too_soon.id)]
    assert found(min_minutes=361, max_minutes=361) == [(first.id, too_late.id)]


def test_the_shortest_journey_comes_first_and_the_limit_holds() -> None:
    make_leg("LHR", "CDG", TEN)
    late = make_leg("LHR", "CDG", TEN + hours(1))
    onward = make_leg("CDG", "JFK", TEN + hours(3))

    assert found(limit=1) == [(late.id, onward.id)]


def test_the_stop_is_never_an_end_of_the_journey() -> None:
    make_leg("LHR", "JFK", TEN)
    make_leg("JFK", "JFK", TEN + hours(2))
    make_leg("LHR", "LHR", TEN)
    make_leg("LHR", "JFK", TEN + hours(2))

    assert found() == []


def test_connections_leave_out_closed_and_gone_flights() -> None:
    make_leg("LHR", "CDG", TEN)
    make_flight(origin="CDG", destination="JFK", departing_at=TEN + hours(2), sales_open=False)
    assert found() == []

    make_leg("CDG", "JFK", TEN + hours(3))
    assert len(found()) == 1
    assert found(after=TEN) == []


def test_connections_reach_over_midnight_and_the_date_line() -> None:
    # Lands in Singapore on the 2nd and goes on to Auckland, where it is the 3rd.
    first = make_leg("LHR", "SIN", TEN + hours(11), block_minutes=780)
    second = make_leg("SIN", "AKL", TEN + hours(26), block_minutes=600)

    assert found(destination="AKL") == [(first.id, second.id)]


def test_connections_take_two_queries_however_many(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        make_leg("LHR", "CDG", TEN + hours(number / 10))
        make_leg("CDG", "JFK", TEN + hours(3 + number / 10))

    with django_assert_num_queries(2):
        assert len(found()) == 9


def test_limited_extras_are_found_by_flight_and_product() -> None:
    flight, other = make_flight(departing_at=TEN), make_flight(departing_at=TEN)
    lounge = make_product("lounge", capacity_controlled=True)
    slots = make_inventory(flight, product=lounge, capacity=40)

    assert extras_inventory([flight.id, other.id]) == {(flight.id, lounge.id): (slots.pk, 40)}


def test_only_real_airports_are_known() -> None:
    make_airport("LHR")

    assert known_airports(["LHR", "lhr", "XXX", ""]) == {"LHR"}
