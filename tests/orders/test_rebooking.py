"""A trip with one flight replaced by another: same ends, and every connection still holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from altis.shared.clock import iso
from orders.errors import ConnectionMissed, RebookingImpossible
from orders.rebooking import last_arrival, segment_on, with_segment

HOUR, GAP = timedelta(hours=1), timedelta(minutes=60)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _segment(flight_id: str, way: str, leaves: float, lasts: float) -> dict[str, Any]:
    """`way` is "LHR-JFK"; leaving so many hours after noon."""
    origin, destination = way.split("-")
    return {
        "flight_id": flight_id,
        "origin": origin,
        "destination": destination,
        "departing_at": iso(NOON + leaves * HOUR),
        "arriving_at": iso(NOON + (leaves + lasts) * HOUR),
    }


FIRST, SECOND = _segment("flt_1", "LHR-CDG", 0, 1), _segment("flt_2", "CDG-DXB", 3, 6)
BACK = _segment("flt_3", "DXB-LHR", 100, 8)
TRIP = [
    {"origin": "LHR", "destination": "DXB", "segments": [FIRST, SECOND]},
    {"origin": "DXB", "destination": "LHR", "segments": [BACK]},
]


def test_the_new_flight_takes_the_place_of_the_old_one_and_nothing_else_changes() -> None:
    later = _segment("flt_9", "LHR-CDG", 1, 1)

    changed = with_segment(TRIP, FIRST, later, gap=GAP)

    assert changed == [{**TRIP[0], "segments": [later, SECOND]}, TRIP[1]]
    assert TRIP[0]["segments"] == [FIRST, SECOND]


def test_a_connection_of_exactly_the_shortest_time_holds() -> None:
    assert with_segment(TRIP, FIRST, _segment("flt_9", "LHR-CDG", 1, 1), gap=GAP)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (FIRST, _segment("flt_9", "LHR-CDG", 1.1, 1)),
        (SECOND, _segment("flt_9", "CDG-DXB", 1.9, 6)),
        (SECOND, _segment("flt_9", "CDG-DXB", 94, 6)),
        (BACK, _segment("flt_9", "DXB-LHR", 9.5, 8)),
    ],
    ids=["the next flight is missed", "it leaves before one arrives", "the way back is missed", "back before there"],
)
def test_a_connection_that_would_be_missed_is_refused(old: dict[str, Any], new: dict[str, Any]) -> None:
    with pytest.raises(ConnectionMissed):
        with_segment(TRIP, old, new, gap=GAP)


def test_other_ends_and_a_flight_of_the_same_trip_are_refused() -> None:
    for new in (_segment("flt_9", "LHR-ORY", 0, 1), SECOND, FIRST):
        with pytest.raises(RebookingImpossible):
            with_segment(TRIP, FIRST, new, gap=GAP)


def test_a_flight_that_is_not_of_the_trip_has_no_segment() -> None:
    with pytest.raises(RebookingImpossible):
        segment_on(TRIP, "flt_9")

    assert segment_on(TRIP, "flt_3") == BACK
    assert last_arrival(TRIP) == NOON + 108 * HOUR
