"""Every trip in every bundle, priced and scored in whole numbers, and which of them are shown. Pure.

The rules are those of `offers.generating`, `offers.ranking` and `offers.choosing`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from catalog.index.records import Cell
from offers.quick.packs import Pack, Shape
from offers.quick.trips import Trip
from offers.ranking import BASE, EACH_STOP, PRICE_TWICE_THE_CHEAPEST, TWICE_THE_SHORTEST, excess
from offers.trip import Party

# Less its points, its total, its number among the candidates, the position of its bundle, that of its trip: in this
# order the best comes first, and ties go to the cheaper, then to the earlier candidate.
_Candidate = tuple[int, int, int, int, int]


class Fares(NamedTuple):
    """A trip: what the flights cost the party, its minutes, stops, points by the hours of departure, and shape."""

    trip: Trip
    minor: int
    minutes: int
    stops: int
    hours: int
    shape: Shape


class Winner(NamedTuple):
    """What is shown: a trip in a bundle, what it costs, and its points by feature."""

    fares: Fares
    pack: Pack
    total_minor: int
    points: tuple[int, ...]


def fares_of(trip: Trip, party: Party) -> Fares:
    """What the flights of a trip cost these travellers."""
    minor = minutes = stops = hours = 0
    for way, looks, fare in trip:
        minor += party.seated * fare
        if party.infants:
            minor += party.infants * sum(look.infant_fare for look in looks)
        minutes += way.minutes
        stops += way.stops
        hours += way.hour
    shape = tuple(len(way.cells) for way, _, _ in trip)
    return Fares(trip, minor, minutes, stops, hours // len(trip), shape)


def winners(trips: Sequence[Trip], packs: Sequence[Pack], *, party: Party, most: int) -> list[Winner]:
    """At most `most` of all trips in all bundles, best first."""
    priced = [fares_of(trip, party) for trip in trips]
    sellable = _sellable(priced, packs, party.seated)
    if not sellable:
        return []
    cheapest = min([total for total, _, _ in sellable])
    shortest = min([priced[trip].minutes for _, _, trip in sellable])
    durations = [excess(fares.minutes, shortest, TWICE_THE_SHORTEST) for fares in priced]
    of_trips = [BASE + durations[place] + EACH_STOP * f.stops + f.hours for place, f in enumerate(priced)]
    found: list[_Candidate] = []
    for number, (total, pack, trip) in enumerate(sellable):
        points = of_trips[trip] + packs[pack].comfort + excess(total, cheapest, PRICE_TWICE_THE_CHEAPEST)
        found.append((-points, total, number, pack, trip))
    found.sort()
    return [_winner(one, priced, packs, cheapest, durations) for one in _shown(found, most)]


def _sellable(priced: Sequence[Fares], packs: Sequence[Pack], seated: int) -> list[tuple[int, int, int]]:
    """Total, bundle and trip of each that can be sold, by bundle."""
    found = []
    for place, pack in enumerate(packs):
        extras: dict[Shape, int] = {}
        for number, fares in enumerate(priced):
            if pack.limited and not _has_units(fares.trip, pack, seated):
                continue
            shape = fares.shape
            if shape not in extras:
                extras[shape] = pack.extras_minor(segments=sum(shape), slices=len(shape), seated=seated)
            found.append((fares.minor + extras[shape], place, number))
    return found


def _has_units(trip: Trip, pack: Pack, seated: int) -> bool:
    for product_id, quantity in pack.limited:
        wanted = seated * quantity
        for way, _, _ in trip:
            cells = way.limited(product_id)
            if cells is None or any(cell.look.available < wanted for cell in cells):
                return False
    return True


def _shown(best_first: Sequence[_Candidate], most: int) -> list[_Candidate]:
    """The best trip in each bundle, by the catalog's order when there are too many; then the best of the rest."""
    champions: dict[int, _Candidate] = {}
    for one in best_first:
        champions.setdefault(one[3], one)
    shown = [champions[pack] for pack in sorted(champions)][:most]
    taken = {one[2] for one in shown}
    rest = [one for one in best_first if one[2] not in taken]
    return sorted(shown + rest[: most - len(shown)], key=_standing)


def _standing(one: _Candidate) -> tuple[int, int]:
    return one[0], one[1]


def _winner(
    one: _Candidate, priced: Sequence[Fares], packs: Sequence[Pack], cheapest: int, durations: Sequence[int]
) -> Winner:
    _, total, _, pack, trip = one
    fares = priced[trip]
    points = (
        BASE,
        excess(total, cheapest, PRICE_TWICE_THE_CHEAPEST),
        durations[trip],
        EACH_STOP * fares.stops,
        fares.hours,
        packs[pack].comfort,
    )
    return Winner(fares, packs[pack], total, points)


def cells_of(trips: Sequence[Trip], packs: Sequence[Pack]) -> list[Cell]:
    """The units of limited products that the trips and bundles look at."""
    products = {product_id for pack in packs for product_id, _ in pack.limited}
    ways = [way for trip in trips for way, _, _ in trip]
    return [cell for product in products for way in ways for cell in way.limited(product) or ()]
