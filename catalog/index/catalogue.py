"""Everything a search needs, in memory. Pure."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from catalog.index.records import Cell, Leg

Ends = tuple[str, str]
_MINUTE = 60_000_000  # microseconds
# As in `catalog.selectors.flights`: dates wide enough for any flight and time zone.
_ONWARD_DAYS = range(-1, 4)


@dataclass(frozen=True, slots=True)
class Assortment:
    """The bundles on sale in their order (`BundleView`), and the flight products (`ProductView`) by their cabin."""

    bundles: tuple[Any, ...]
    flight_products: Mapping[str, Any]


class Catalogue:
    """Flights by market and date, their inventories by id, the airports' zones, and what is sold with a flight.

    `revision`: what of PostgreSQL it was read from. `position`: the last news of the gate that it has heard.
    """

    def __init__(self, legs: Iterable[Leg], *, zones: Mapping[str, str], assortment: Assortment) -> None:
        self.zones = zones
        self.assortment = assortment
        self.cells: dict[int, Cell] = {}
        self.revision: tuple[int, ...] = ()
        self.position = b""
        self._markets: dict[Ends, dict[date, list[Leg]]] = {}
        self._onward: dict[str, set[str]] = {}
        self.flights = 0
        for leg in legs:
            self.add(leg)

    def add(self, leg: Leg) -> None:
        """Put a flight on sale; flights come in order of departure, then id."""
        self._markets.setdefault((leg.origin, leg.destination), {}).setdefault(leg.day, []).append(leg)
        self._onward.setdefault(leg.origin, set()).add(leg.destination)
        for cell in leg.cabins:
            self.cells[cell.inventory_id] = cell
        for _, cell in leg.extras:
            self.cells[cell.inventory_id] = cell
        self.flights += 1

    def hear(self, inventory_id: int, *, available: int, version: int, forced: bool = False) -> None:
        """Take over a figure of the ledger, unless a newer one is known; ids that are not on sale are passed over."""
        cell = self.cells.get(inventory_id)
        if cell is not None and (forced or version > cell.version):
            cell.hear(available, version)

    def direct(self, origin: str, destination: str, day: date) -> list[Leg]:
        """The direct flights on a local date, in order of departure."""
        days = self._markets.get((origin, destination))
        return [] if days is None else days.get(day, [])

    def connections(
        self, origin: str, destination: str, day: date, *, min_minutes: int, max_minutes: int
    ) -> list[tuple[Leg, Leg]]:
        """All pairs of flights with one stop, the shortest journey first, as `connections_on` orders them."""
        shortest, longest = min_minutes * _MINUTE, max_minutes * _MINUTE
        days = [day + timedelta(days=number) for number in _ONWARD_DAYS]
        pairs = []
        for stop in self._stops(origin, destination):
            onwards = self._markets[stop, destination]
            departing = [leg for on in days for leg in onwards.get(on, ())]
            for inbound in self.direct(origin, stop, day) if departing else ():
                first, last = inbound.arrives + shortest, inbound.arrives + longest
                pairs += [(inbound, onward) for onward in departing if first <= onward.departs <= last]
        pairs.sort(key=_journey)
        return pairs

    def with_assortment(self, assortment: Assortment) -> "Catalogue":
        """The same flights, sold with other things."""
        changed = copy(self)
        changed.assortment = assortment
        return changed

    def _stops(self, origin: str, destination: str) -> list[str]:
        reached = self._onward.get(origin, ())
        return [stop for stop in reached if stop not in (origin, destination) and (stop, destination) in self._markets]


def _journey(pair: tuple[Leg, Leg]) -> tuple[int, int, str, str]:
    inbound, onward = pair
    return onward.arrives - inbound.departs, inbound.departs, inbound.id, onward.id
