"""What is in an offer, as somebody reads it who compares."""

from typing import Any

import pytest

from altis.shop.offer_cards import each_of, included, way_of

ADULT, CHILD, INFANT = {"type": "adult"}, {"type": "child"}, {"type": "infant"}


def things(**counts: int) -> list[dict[str, Any]]:
    """So many of each product, beside a flight."""
    flight = {"type": "flight", "name": "AL 100", "quantity": 1}
    return [flight, *({"type": "bag", "name": name, "quantity": count} for name, count in counts.items())]


@pytest.mark.parametrize(
    ("count", "seated", "flights", "said"),
    [
        (1, 1, 1, "Bag"),
        (6, 3, 2, "Bag"),  # one on each flight
        (12, 3, 2, "2 × Bag"),
        (3, 3, 2, "Bag"),  # one for the whole trip
        (4, 3, 2, "4 × Bag in all"),
    ],
)
def test_contents_are_told_for_each_traveller(count: int, seated: int, flights: int, said: str) -> None:
    assert included(things(Bag=count), seated, flights) == [said]


@pytest.mark.parametrize(
    ("passengers", "said"),
    [
        ([ADULT], ""),
        ([ADULT, CHILD], "For each of 2 travellers"),
        ([ADULT, INFANT], "For one traveller, with 1 infant on the lap"),
        ([ADULT, ADULT, INFANT, INFANT], "For each of 2 travellers, with 2 infants on the lap"),
    ],
)
def test_infants_have_no_contents_of_their_own(passengers: list[dict[str, str]], said: str) -> None:
    assert each_of(passengers) == said


def test_a_change_is_told_with_its_place_and_its_wait() -> None:
    def flight(origin: str, destination: str, departs: str, arrives: str) -> dict[str, str]:
        local = {"departing_at_local": departs[:-1], "arriving_at_local": arrives[:-1]}
        return {"origin": origin, "destination": destination, "departing_at": departs, "arriving_at": arrives, **local}

    first = flight("LHR", "FRA", "2026-12-01T08:00:00Z", "2026-12-01T10:00:00Z")
    second = flight("FRA", "JFK", "2026-12-01T11:20:00Z", "2026-12-01T20:00:00Z")

    way = way_of({"origin": "LHR", "destination": "JFK", "segments": [first, second]})

    assert (way["stops"], way["duration"]) == ("1 stop in FRA", "12 h 00 min")
    assert way["changes"] == [{"at": "FRA", "wait": "1 h 20 min"}]
