"""The ways to fly one slice in one cabin, worked out once for a market and a date. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from catalog.index.catalogue import Catalogue
from catalog.index.records import Cell, Leg, Look
from offers.quick.texts import listed
from offers.ranking import hour_points

MOST_CONNECTIONS = 20
_MINUTE = 60_000_000  # microseconds
_NEVER = 1 << 62
# A way as it stands now: the look of each cabin, taken once, and what an adult pays.
Standing = tuple["Way", tuple[Look, ...], int]


class Route(NamedTuple):
    """What is asked of a market. `min_minutes` and `max_minutes` bound the stop of a connection."""

    origin: str
    destination: str
    day: date
    cabin: str
    currency: str
    min_minutes: int
    max_minutes: int


class Way:
    """One flight or two, in one cabin. Instants in microseconds since 1970, UTC."""

    __slots__ = ("_limited", "arrives", "cells", "departs", "hour", "legs", "minutes", "stops")

    def __init__(self, legs: tuple[Leg, ...], cells: tuple[Cell, ...]) -> None:
        self.legs = legs
        self.cells = cells
        self.departs = legs[0].departs
        self.arrives = legs[-1].arrives
        self.minutes = (self.arrives - self.departs) // _MINUTE
        self.stops = len(legs) - 1
        self.hour = hour_points(legs[0].local_hour)
        self._limited: dict[str, tuple[Cell, ...] | None] | None = None

    @property
    def text(self) -> str:
        """Its segments as the API shows them."""
        cabin = self.cells[0].cabin
        return listed([f'{{"flight_id":"{leg.id}",{leg.texts[0]},"cabin":"{cabin}"}}' for leg in self.legs])

    @property
    def segments(self) -> list[str]:
        """Each of its segments as a document has it: the fields of `offers.trip.Segment`."""
        cabin = self.cells[0].cabin
        return [f'[{row},"{cabin}",{aircraft}]' for _, row, aircraft in [leg.texts for leg in self.legs]]

    def limited(self, product_id: str) -> tuple[Cell, ...] | None:
        """The units of a limited product on each flight; None where one of them has none."""
        kept = self._limited
        if kept is None:
            kept = self._limited = {}
        if product_id not in kept:
            found = [leg.units_of(product_id) for leg in self.legs]
            cells = tuple(cell for cell in found if cell is not None)
            kept[product_id] = cells if len(cells) == len(found) else None
        return kept[product_id]


class Ways:
    """The ways of a route in the order of the search: what they are for every instant from `since` until `until`."""

    __slots__ = ("all", "since", "until")

    def __init__(self, ways: Sequence[Way], *, since: int, until: int) -> None:
        self.all = ways
        self.since = since
        self.until = until

    def hold(self, after: int) -> bool:
        """Whether they are the flights that depart after `after`."""
        return self.since <= after < self.until


def ways_of(catalogue: Catalogue, route: Route, *, after: int) -> Ways:
    """Direct flights, then the shortest connections, those that depart after `after`."""
    direct = [leg for leg in catalogue.direct(route.origin, route.destination, route.day) if leg.departs > after]
    pairs = catalogue.connections(
        route.origin, route.destination, route.day, min_minutes=route.min_minutes, max_minutes=route.max_minutes
    )
    pairs = [pair for pair in pairs if pair[0].departs > after][:MOST_CONNECTIONS]
    flown: list[tuple[Leg, ...]] = [*((leg,) for leg in direct), *pairs]
    until = min((legs[0].departs for legs in flown), default=_NEVER)
    found = (_in_cabin(legs, route) for legs in flown)
    return Ways([way for way in found if way is not None], since=after, until=until)


def in_stock(ways: Iterable[Way], seated: int) -> list[Standing]:
    """The ways with seats for so many, as they stand now."""
    found: list[Standing] = []
    for way in ways:
        cells = way.cells
        look = cells[0].look
        if look.available < seated:
            continue
        if len(cells) == 1:
            found.append((way, (look,), look.fare))
            continue
        second = cells[1].look
        if second.available >= seated:
            found.append((way, (look, second), look.fare + second.fare))
    return found


def _in_cabin(legs: tuple[Leg, ...], route: Route) -> Way | None:
    cells = []
    for leg in legs:
        cell = leg.cabin(route.cabin)
        if cell is None or cell.capacity <= 0 or cell.currency != route.currency:
            return None
        cells.append(cell)
    return Way(legs, tuple(cells))
