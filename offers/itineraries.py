"""From the ways to fly each slice to whole trips, bounded in number. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import product

from catalog.pricing import demand_minor
from offers.ranking import Features, Ranker, SearchContext
from offers.trip import Itinerary, Option

# How many options of each slice go into the product, by number of slices: at most 81 itineraries.
OPTIONS_PER_SLICE = {1: 12, 2: 6, 3: 4, 4: 3}
# A way that takes more than twice as long as the quickest, and four hours on top, is a detour nobody wants to see.
DETOUR_FACTOR, DETOUR_MINUTES = 2, 240
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)


def without_detours(options: Sequence[Option]) -> list[Option]:
    """The options of one slice that do not take absurdly longer than the quickest of them."""
    if not options:
        return []
    most = DETOUR_FACTOR * min(option.minutes for option in options) + DETOUR_MINUTES
    return [option for option in options if option.minutes <= most]


def reachable(slices: Sequence[Sequence[Option]], *, gap: timedelta) -> list[list[Option]]:
    """Of each slice those options that are part of some whole trip: every slice departs at least `gap` after the
    one before has arrived. All lists are empty when there is no such trip."""
    forward: list[list[Option]] = []
    arrived = _LONG_AGO
    for options in slices:
        catchable = [option for option in options if option.departing_at - arrived >= gap]
        if not catchable:
            return [[] for _ in slices]
        arrived = min(option.arriving_at for option in catchable)
        forward.append(catchable)
    backward: list[list[Option]] = []
    departs = _NEVER
    for options in reversed(forward):
        in_time = [option for option in options if departs - option.arriving_at >= gap]
        departs = max(option.departing_at for option in in_time)
        backward.append(in_time)
    return backward[::-1]


def combine_sensibly(
    slices: Sequence[Sequence[Option]], *, gap: timedelta, ranker: Ranker, context: SearchContext
) -> list[Itinerary]:
    """Whole trips without detours; with them only when there is no other way."""
    sensible = [without_detours(options) for options in slices]
    trips = combine(sensible, gap=gap, ranker=ranker, context=context)
    return trips or combine(slices, gap=gap, ranker=ranker, context=context)


def combine(
    slices: Sequence[Sequence[Option]], *, gap: timedelta, ranker: Ranker, context: SearchContext
) -> list[Itinerary]:
    """Whole trips from the best options of each slice; empty when none fits together.

    With the ranker's best, the cheapest and the earliest to arrive of each slice are always among them; the earliest
    ones always fit together, so whenever there is a trip one is found.
    """
    options = reachable(slices, gap=gap)
    limit = OPTIONS_PER_SLICE[len(slices)]
    chosen = [_shortlist(ways, limit, ranker, context) for ways in options]
    return [Itinerary(trip) for trip in product(*chosen) if _in_order(trip, gap)]


def _shortlist(options: Sequence[Option], limit: int, ranker: Ranker, context: SearchContext) -> list[Option]:
    if len(options) <= limit:
        return list(options)
    ranked = ranker.rank([_features(option) for option in options], context)
    best_first = sorted(range(len(options)), key=lambda index: (-ranked[index].points, index))
    cheapest = min(range(len(options)), key=lambda index: _fare(options[index]))
    earliest = min(range(len(options)), key=lambda index: options[index].arriving_at)
    kept = list(dict.fromkeys((cheapest, earliest, *best_first)))[:limit]
    return [options[index] for index in sorted(kept)]


def _features(option: Option) -> Features:
    hour = int(option.segments[0].departing_at_local[11:13])
    return Features(_fare(option), option.minutes, option.stops, (hour,))


def _fare(option: Option) -> int:
    """What the option costs an adult."""
    return sum(_adult(seats.base.minor, seats.available, seats.capacity) for seats in option.seats)


def _adult(base_minor: int, available: int, capacity: int) -> int:
    return base_minor + (demand_minor(base_minor, available=available, capacity=capacity) if capacity > 0 else 0)


def _in_order(trip: tuple[Option, ...], gap: timedelta) -> bool:
    return all(later.departing_at - earlier.arriving_at >= gap for earlier, later in zip(trip, trip[1:], strict=False))
