"""The seeded network hangs together."""

from collections import Counter

import pytest

from catalog.services.seeding.network import Route, network
from catalog.services.seeding.places import HUBS, distance_km, places


def ends(route: Route) -> tuple[str, str]:
    return route.origin.code, route.destination.code


def test_a_great_circle_is_as_long_as_charts_say() -> None:
    assert distance_km(places()["LHR"], places()["JFK"]) == pytest.approx(5540, abs=10)


def test_the_flagship_comes_first_whatever_the_seed() -> None:
    for seed in (1, 2):
        out, back = network(routes=2, seed=seed)

        assert [out.flight_number, *ends(out), back.flight_number, *ends(back)] == [
            "100", "LHR", "JFK", "101", "JFK", "LHR",
        ]  # fmt: skip


def test_every_route_is_flown_both_ways() -> None:
    routes = network(routes=500, seed=1)

    both = Counter(ends(route) for route in routes)
    assert all(both[destination, origin] == number for (origin, destination), number in both.items())


def test_every_route_touches_a_hub_and_its_aircraft_reaches_far_enough() -> None:
    for route in network(routes=500, seed=1):
        assert {*ends(route)} & set(HUBS)
        assert distance_km(route.origin, route.destination) <= route.aircraft.range_km


def test_every_cabin_of_the_aircraft_has_a_fare() -> None:
    for route in network(routes=500, seed=1):
        assert set(route.fares) == {plan.cabin for plan in route.aircraft.cabins}
        assert all(fare > 0 for fare in route.fares.values())


def test_flight_numbers_are_unique_and_short() -> None:
    numbers = [route.flight_number for route in network(routes=9900, seed=1)]

    assert len(set(numbers)) == 9900
    assert numbers[-1] == "9999"


def test_the_same_seed_gives_the_same_timetable_and_another_one_does_not() -> None:
    assert network(routes=40, seed=3) == network(routes=40, seed=3)
    assert network(routes=40, seed=3) != network(routes=40, seed=4)
