"""The link that fills the search form in again."""

from typing import Any

import pytest

from altis.shop.search_again import search_again


def way(origin: str, destination: str, day: str) -> dict[str, Any]:
    """One slice of a trip, in the shape of the REST contract as far as the link needs it."""
    segment = {"departing_at_local": f"{day}T10:00:00", "cabin": "business"}
    return {"origin": origin, "destination": destination, "segments": [segment]}


@pytest.mark.parametrize(
    ("ways", "back"),
    [
        ([("LHR", "JFK", "2026-12-01")], ""),
        ([("LHR", "JFK", "2026-12-01"), ("JFK", "LHR", "2026-12-08")], "&back=2026-12-08"),
        ([("LHR", "JFK", "2026-12-01"), ("JFK", "DUB", "2026-12-08")], ""),
    ],
)
def test_link_names_the_trip_as_far_as_the_form_knows_it(ways: list[tuple[str, str, str]], back: str) -> None:
    people = [{"type": "adult"}, {"type": "adult"}, {"type": "infant"}]

    link = search_again({"slices": [way(*one) for one in ways], "passengers": people})

    trip = "/?origin=LHR&destination=JFK&date=2026-12-01&cabin=business"
    assert link == f"{trip}{back}&adults=2&children=0&infants=1"
