"""Whole trips out of ways to fly each slice."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from offers.itineraries import OPTIONS_PER_SLICE, combine_sensibly, reachable, without_detours
from offers.ranking import SearchContext, ranker
from offers.trip import Option
from tests.offers.builders import HOUR, MORNING, combined, connection, direct, flights_of

hours = st.lists(st.tuples(st.integers(0, 30), st.integers(60, 900)), min_size=1, max_size=6)


def _options(times: list[tuple[int, int]], first: int) -> list[Option]:
    return [
        direct(first + index, departs=MORNING + hour * HOUR, minutes=minutes)
        for index, (hour, minutes) in enumerate(times)
    ]


def _departs(itinerary_slices: tuple[Option, ...]) -> list[tuple[datetime, datetime]]:
    return [(option.departing_at, option.arriving_at) for option in itinerary_slices]


def test_a_slice_departs_only_after_the_one_before_has_arrived() -> None:
    out = [direct(100), direct(102, departs=MORNING + 8 * HOUR)]
    back = [direct(101, departs=MORNING + 9 * HOUR), direct(103, departs=MORNING + 20 * HOUR)]

    trips = combined(out, back)

    assert [flights_of(trip) for trip in trips] == [["100", "101"], ["100", "103"], ["102", "103"]]


def test_the_gap_between_slices_is_kept() -> None:
    out, back = [direct(100, minutes=480)], [direct(101, departs=MORNING + 8 * HOUR + timedelta(minutes=59))]

    assert combined(out, back) == []
    assert len(combined(out, back, gap=timedelta(minutes=59))) == 1


def test_no_trip_when_a_slice_has_no_flight() -> None:
    assert combined([direct()], []) == []
    assert reachable([[direct()], []], gap=HOUR) == [[], []]


def test_of_many_options_the_best_the_cheapest_and_the_earliest_stay() -> None:
    dear = [direct(300 + n, base=40_000 + n, departs=MORNING + 5 * HOUR) for n in range(30)]
    cheapest = direct(401, base=9_000, minutes=1_400, departs=MORNING + 12 * HOUR)
    earliest = direct(402, base=90_000, departs=MORNING - 6 * HOUR)

    trips = combined([*dear, cheapest, earliest])

    assert len(trips) == OPTIONS_PER_SLICE[1]
    assert {"401", "402", "300"} <= {flights_of(trip)[0] for trip in trips}


def test_a_way_that_takes_absurdly_longer_is_a_detour() -> None:
    quick, slow, absurd = direct(100, minutes=480), direct(101, minutes=1200), direct(102, minutes=1201)

    assert without_detours([quick, slow, absurd]) == [quick, slow]
    assert without_detours([absurd]) == [absurd]
    assert without_detours([]) == []


def test_a_detour_is_taken_when_the_trip_has_no_other_way() -> None:
    out = [direct(100, minutes=480), direct(102, departs=MORNING - 6 * HOUR, minutes=1201)]
    too_early = [direct(101, departs=MORNING + 20 * HOUR)]
    context = SearchContext(days_ahead=10, travellers=1, slices=2)

    sensible = combine_sensibly([out, too_early], gap=HOUR, ranker=ranker(), context=context)
    only_detour = combine_sensibly([out[1:], too_early], gap=HOUR, ranker=ranker(), context=context)

    assert [flights_of(trip) for trip in sensible] == [["100", "101"]]
    assert [flights_of(trip) for trip in only_detour] == [["102", "101"]]


def test_stops_and_minutes_are_counted_over_all_slices() -> None:
    [trip] = combined([connection()], [direct(101, departs=MORNING + 48 * HOUR)])

    assert (trip.stops, trip.minutes) == (1, 120 + 120 + 420 + 480)
    assert flights_of(trip) == ["200", "201", "101"]


@given(st.lists(hours, min_size=2, max_size=4))
def test_a_trip_is_found_exactly_when_there_is_one(slices: list[list[tuple[int, int]]]) -> None:
    options = [_options(times, 100 * (index + 1)) for index, times in enumerate(slices)]
    arrived = MORNING - 100 * HOUR
    for ways in options:
        caught = [way.arriving_at for way in ways if arrived is not None and way.departing_at - arrived >= HOUR]
        arrived = min(caught, default=None)  # type: ignore[assignment]  # None: nobody gets here

    trips = combined(*options)

    assert bool(trips) == (arrived is not None)
    for trip in trips:
        times = _departs(trip.slices)
        assert all(later[0] - earlier[1] >= HOUR for earlier, later in zip(times, times[1:], strict=False))
