"""The seeded network: daily flight numbers between hubs and destinations, the same for the same seed on any machine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count, islice
from math import ceil
from random import Random
from zoneinfo import ZoneInfo

from altis.shared.errors import Invalid
from catalog.models import Cabin
from catalog.schedule import instant
from catalog.services.seeding.fleet import CABIN_FACTORS, LONGEST_KM, TRANSATLANTIC, AircraftPlan, aircraft_for
from catalog.services.seeding.places import DESTINATIONS, HUBS, Place, distance_km, places

FEWEST_ROUTES = 2
MOST_ROUTES = 9900
FIRST_NUMBER = 100
# Wall clocks of two zones are compared on this day alone, so that a timetable does not depend on the day of seeding.
_REFERENCE_DAY = date(2026, 1, 14)
_BANK_MINUTES = 150
_WAVE_MINUTES = 6 * 60
_TAXI_MINUTES = 30
_KM_PER_MINUTE = 14.2


class RoutesOutOfRange(Invalid):
    """Flight numbers have at most four digits."""

    code = "out_of_range"
    message = f"There can be {FEWEST_ROUTES} to {MOST_ROUTES} routes."


@dataclass(frozen=True, slots=True)
class Route:
    """One daily flight number: its wall-clock departure, block time in minutes, and base fares in whole major units."""

    flight_number: str
    origin: Place
    destination: Place
    aircraft: AircraftPlan
    departs_at: time
    block_minutes: int
    fares: Mapping[Cabin, int]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A hub and the other end, flown there and back; `wave` counts the pairs of the same two."""

    hub: str
    other: str
    wave: int


def network(*, routes: int, seed: int) -> list[Route]:
    """The first `routes` flight numbers from AL 100 on, there (even) and back (odd).

    A bigger network contains a smaller one of the same seed. Raises RoutesOutOfRange outside 2 to 9,900.
    """
    if not FEWEST_ROUTES <= routes <= MOST_ROUTES:
        raise RoutesOutOfRange
    numbered = zip(count(FIRST_NUMBER + 2, 2), _pairs(), strict=False)
    others = (route for number, pair in numbered for route in _there_and_back(number, pair, seed))
    return [*_flagship(), *islice(others, routes - FEWEST_ROUTES)]


def _flagship() -> Iterator[Route]:
    """AL 100 and AL 101, which documents and tests rely on: 100 economy seats at 200.00, whatever the seed."""
    london, new_york = places()["LHR"], places()["JFK"]
    fares = _fares(200, TRANSATLANTIC)
    yield Route("100", london, new_york, TRANSATLANTIC, time(10, 30), 475, fares)
    yield Route("101", new_york, london, TRANSATLANTIC, time(18, 30), 425, fares)


def _pairs() -> Iterator[_Pair]:
    """Every second pair is London's, the other two hubs share the rest; when all are flown, a later wave begins."""
    rhythm = {"LHR": (0, 2), "JFK": (1, 4), "DXB": (3, 4)}
    order: list[tuple[int, str, str]] = []
    partners = [*HUBS, *DESTINATIONS]
    for hub, (first, step) in rhythm.items():
        partners.remove(hub)  # hubs are paired once
        reached = [other for other in partners if _distance(hub, other) <= LONGEST_KM]
        order += [(first + step * place, hub, other) for place, other in enumerate(reached)]
    order.sort()
    for wave in count():
        for _, hub, other in order if wave else order[1:]:  # the first of all is AL 100's
            yield _Pair(hub, other, wave)


def _there_and_back(number: int, pair: _Pair, seed: int) -> Iterator[Route]:
    dice = Random(f"{seed}/{number}")  # nosec B311 # repeatable on purpose
    hub, other = places()[pair.hub], places()[pair.other]
    distance = distance_km(hub, other)
    aircraft, block = aircraft_for(distance), _block_minutes(distance)
    fares = _fares(_economy_fare(distance, dice), aircraft)
    leaves = _within_bank(HUBS[pair.hub].departures, pair.wave, dice)
    if pair.other in HUBS:
        returns = _within_bank(HUBS[pair.other].departures, pair.wave, dice)
    else:
        lands = _within_bank(HUBS[pair.hub].arrivals, pair.wave, dice)
        returns = _departure_for(lands, hub=hub, other=other, block=block)
    yield Route(str(number), hub, other, aircraft, leaves, block, fares)
    yield Route(str(number + 1), other, hub, aircraft, returns, block, fares)


def _within_bank(opens: time, wave: int, dice: Random) -> time:
    minutes = dice.randrange(0, _BANK_MINUTES, 5) + wave * _WAVE_MINUTES
    return (datetime.combine(_REFERENCE_DAY, opens) + timedelta(minutes=minutes)).time()


def _departure_for(lands: time, *, hub: Place, other: Place, block: int) -> time:
    """When clocks at the other end show the time to leave for the hub, to land there at `lands`."""
    leaves = instant(_REFERENCE_DAY, lands, hub.zone) - timedelta(minutes=block)
    return leaves.astimezone(ZoneInfo(other.zone)).time()


def _block_minutes(distance: float) -> int:
    """Gate to gate, in steps of five minutes."""
    return 5 * ceil((_TAXI_MINUTES + distance / _KM_PER_MINUTE) / 5)


def _economy_fare(distance: float, dice: Random) -> int:
    """50 and 2.7 cents a kilometre, give or take a tenth: 200 from London to New York."""
    return round((50 + 0.027 * distance) * dice.randrange(90, 111) / 100)


def _fares(economy: int, aircraft: AircraftPlan) -> dict[Cabin, int]:
    return {plan.cabin: round(Decimal(economy) * CABIN_FACTORS[plan.cabin]) for plan in aircraft.cabins}


def _distance(one: str, other: str) -> float:
    return distance_km(places()[one], places()[other])
