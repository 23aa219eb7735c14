"""Searches in one catalogue: what was worked out for a route is kept, and so is the answer while nothing has changed.

Both are bounded, and both go when the catalogue is read anew. Pure but for what it keeps.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from catalog.index.catalogue import Catalogue
from catalog.index.records import Cell, Look
from offers.bundles import Package
from offers.quick.answers import Answers, Kept
from offers.quick.choosing import Winner, cells_of, winners
from offers.quick.packs import Layout, Pack
from offers.quick.rendering import Press, Pressed, nothing
from offers.quick.trips import combine_sensibly, some_trip
from offers.quick.ways import Route, Ways, in_stock, ways_of
from offers.trip import SearchRequest

K = TypeVar("K")
V = TypeVar("V")
MOST_ROUTES = 8192
MOST_LAYOUTS = 256
_MINUTE, _DAY = 60_000_000, 86_400_000_000  # microseconds
_FIRST_DAY = date(1970, 1, 1).toordinal()


class Terms(NamedTuple):
    """What searches go by besides the catalogue: the currency, and the bounds of a stop in minutes."""

    currency: str
    min_minutes: int
    max_minutes: int


class _Seen:
    """The looks that an answer is made from, taken before anything is read from them."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.looks: list[Look] = []

    def look_at(self, cells: Iterable[Cell]) -> None:
        """More cells to be read."""
        more = list(cells)
        self.cells += more
        self.looks += [cell.look for cell in more]

    def unchanged(self) -> bool:
        """Whether no cell has another look since: a look never comes back."""
        return [cell.look for cell in self.cells] == self.looks


class Market:
    """Answers searches from one catalogue. `packages_of`: the bundles that can be sold in a cabin, in their order."""

    def __init__(self, catalogue: Catalogue, terms: Terms, packages_of: Callable[[str], Sequence[Package]]) -> None:
        self.catalogue = catalogue
        self.terms = terms
        self._packages_of = packages_of
        self._routes: OrderedDict[Route, Ways] = OrderedDict()
        self._packs: dict[str, list[Pack]] = {}
        self._layouts: OrderedDict[tuple[str, ...], Layout] = OrderedDict()
        self._answers = Answers()

    def known(self, request: SearchRequest, *, after: int) -> Pressed | None:
        """What `answer` would say, where that is known, and that the request still breaks no rule."""
        return self._answers.find(request, after, plainly=True)

    def answer(self, request: SearchRequest, *, after: int) -> Pressed:
        """The texts of a search among the flights that depart after an instant (microseconds since 1970).

        The request breaks no rule: only its dates can come to break one.
        """
        known = self._answers.find(request, after)
        if known is not None:
            return known
        ways = tuple(self._ways(request, number, after) for number in range(len(request.slices)))
        seen = _Seen()
        pressed = self._press(request, ways, seen)
        if seen.unchanged():  # else news came in between
            since, until = max([found.since for found in ways]), min([found.until for found in ways])
            plain_until = _plain_until(request)
            self._answers.keep(Kept(request, pressed, since, until, plain_until, seen.cells, seen.looks))
        return pressed

    def _press(self, request: SearchRequest, ways: Sequence[Ways], seen: "_Seen") -> Pressed:
        gap = self.terms.min_minutes * _MINUTE
        product = self.catalogue.assortment.flight_products.get(request.cabin)
        if product is None or not some_trip([found.all for found in ways], gap):
            return nothing("no_flights")
        seen.look_at(cell for found in ways for way in found.all for cell in way.cells)
        party, packs = request.party, self._packs_in(request.cabin)
        trips = combine_sensibly([in_stock(found.all, party.seated) for found in ways], gap)
        seen.look_at(cells_of(trips, packs))
        best = winners(trips, packs, party=party, most=request.max_offers)
        if not best:
            return nothing("sold_out")
        return Press(request, party, product.id, self._layout(request.cabin, best)).press(best)

    def _ways(self, request: SearchRequest, number: int, after: int) -> Ways:
        asked, terms = request.slices[number], self.terms
        route = Route(asked.origin, asked.destination, asked.departure_date, request.cabin, *terms)
        found = self._routes.get(route)
        if found is None or not found.hold(after):
            found = ways_of(self.catalogue, route, after=after)
            _put(self._routes, route, found, MOST_ROUTES)
        return found

    def _packs_in(self, cabin: str) -> list[Pack]:
        packs = self._packs.get(cabin)
        if packs is None:
            packs = self._packs[cabin] = [Pack(package, self.terms.currency) for package in self._packages_of(cabin)]
        return packs

    def _layout(self, cabin: str, best: Sequence[Winner]) -> Layout:
        shown = {winner.pack.package.code: winner.pack for winner in best}
        key = (cabin, *shown)
        layout = self._layouts.get(key)
        if layout is None:
            layout = Layout(list(shown.values()))
            _put(self._layouts, key, layout, MOST_LAYOUTS)
        return layout


def _plain_until(request: SearchRequest) -> int:
    """Until when (microseconds since 1970) no date is past: by no clock does a day end before it begins in UTC."""
    first = min([asked.departure_date.toordinal() for asked in request.slices])
    return (first - _FIRST_DAY) * _DAY


def _put(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    """Keep a value, and no more than `most` of them: the oldest goes."""
    kept[key] = value
    if len(kept) > most:
        kept.popitem(last=False)
