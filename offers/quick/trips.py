"""Whole trips from the ways of each slice: `offers.itineraries`, for ways as they stand now. Pure."""

from collections.abc import Sequence
from itertools import product

from offers.itineraries import DETOUR_FACTOR, DETOUR_MINUTES, OPTIONS_PER_SLICE
from offers.quick.ways import Standing, Way
from offers.ranking import BASE, EACH_STOP, PRICE_TWICE_THE_CHEAPEST, TWICE_THE_SHORTEST, excess

Trip = tuple[Standing, ...]
_LONG_AGO, _NEVER = -(1 << 62), 1 << 62


def some_trip(slices: Sequence[Sequence[Way]], gap: int) -> bool:
    """Whether any trip can be flown at all, sold out or not; `gap` in microseconds."""
    arrived = _LONG_AGO
    for ways in slices:
        arrivals = [way.arrives for way in ways if way.departs - arrived >= gap]
        if not arrivals:
            return False
        arrived = min(arrivals)
    return True


def combine_sensibly(slices: Sequence[Sequence[Standing]], gap: int) -> list[Trip]:
    """Whole trips without detours; with them only when there is no other way."""
    trips = _combine([_without_detours(ways) for ways in slices], gap)
    return trips or _combine(slices, gap)


def _without_detours(ways: Sequence[Standing]) -> Sequence[Standing]:
    if not ways:
        return ways
    most = DETOUR_FACTOR * min(way.minutes for way, _, _ in ways) + DETOUR_MINUTES
    return [standing for standing in ways if standing[0].minutes <= most]


def _combine(slices: Sequence[Sequence[Standing]], gap: int) -> list[Trip]:
    limit = OPTIONS_PER_SLICE[len(slices)]
    if len(slices) == 1:
        return [(standing,) for standing in _shortlist(slices[0], limit)]
    chosen = [_shortlist(ways, limit) for ways in _reachable(slices, gap)]
    return [trip for trip in product(*chosen) if _in_order(trip, gap)]


def _reachable(slices: Sequence[Sequence[Standing]], gap: int) -> Sequence[Sequence[Standing]]:
    forward = []
    arrived = _LONG_AGO
    for ways in slices:
        catchable = [standing for standing in ways if standing[0].departs - arrived >= gap]
        if not catchable:
            return [[] for _ in slices]
        arrived = min(way.arrives for way, _, _ in catchable)
        forward.append(catchable)
    backward = []
    departs = _NEVER
    for catchable in reversed(forward):
        in_time = [standing for standing in catchable if departs - standing[0].arrives >= gap]
        departs = max(way.departs for way, _, _ in in_time)
        backward.append(in_time)
    return backward[::-1]


def _shortlist(ways: Sequence[Standing], limit: int) -> Sequence[Standing]:
    if len(ways) <= limit:
        return ways
    least = min(fare for _, _, fare in ways)
    shortest = min(way.minutes for way, _, _ in ways)
    points = [
        BASE
        + excess(fare, least, PRICE_TWICE_THE_CHEAPEST)
        + excess(way.minutes, shortest, TWICE_THE_SHORTEST)
        + EACH_STOP * way.stops
        + way.hour
        for way, _, fare in ways
    ]
    places = range(len(ways))
    best_first = sorted(places, key=lambda place: (-points[place], place))
    cheapest = min(places, key=lambda place: ways[place][2])
    earliest = min(places, key=lambda place: ways[place][0].arrives)
    kept = list(dict.fromkeys((cheapest, earliest, *best_first)))[:limit]
    return [ways[place] for place in sorted(kept)]


def _in_order(trip: Trip, gap: int) -> bool:
    return all(later[0].departs - earlier[0].arrives >= gap for earlier, later in zip(trip, trip[1:], strict=False))
