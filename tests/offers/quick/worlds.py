"""Small random worlds: what flies, what is left, what is sold with it, and the same as the readable rules see it."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from altis.shared.money import Money
from catalog.index.catalogue import Assortment, Catalogue
from catalog.index.records import Cell, Leg
from catalog.pricing import extra_price
from offers.bundles import Conditions, Extra, FarePricer, Package, Stock
from offers.generating import candidates, ranked
from offers.itineraries import combine_sensibly, reachable
from offers.quick.market import Market, Terms
from offers.quick.ways import Route, Way, ways_of
from offers.ranking import SearchContext, UtilityRanker
from offers.trip import Option, Passenger, SearchRequest, Seats, Segment, SliceRequest
from tests.offers.builders import DAY, MORNING, package

TERMS = Terms("USD", 60, 360)
ZONES = {"LHR": "Europe/London", "JFK": "America/New_York", "DUB": "Europe/Dublin"}
WAYS = [("LHR", "JFK"), ("JFK", "LHR"), ("LHR", "DUB"), ("DUB", "JFK")]
LOUNGE = "prd_lounge"
_PER = ("segment", "journey", "passenger")
_TYPES = ("seat", "bag", "meal", "insurance", "yacht")


class Product:
    """A flight product."""

    id = "prd_economy"


@st.composite
def legs(draw: st.DrawFn) -> list[Leg]:
    """Up to fourteen flights on two days, some of them full, some without lounge."""
    found = []
    for number in range(draw(st.integers(1, 14))):
        origin, destination = draw(st.sampled_from(WAYS))
        leg = Leg(f"flt_{number}", "AL", str(number), (origin, destination, ZONES[origin], ZONES[destination]))
        leg.day = DAY + timedelta(days=draw(st.sampled_from([0, 0, 0, 1])))
        minutes = draw(st.integers(0, 1439))
        leg.departs = int(MORNING.timestamp()) * 1_000_000 + ((leg.day - DAY).days * 1440 + minutes - 600) * 60_000_000
        leg.arrives = leg.departs + draw(st.integers(60, 700)) * 60_000_000
        leg.aircraft = "Airbus"
        leg.cabins = (_cell(draw, 10 * number, draw(st.integers(1, 300)), "economy"),)
        if draw(st.integers(0, 3)):
            leg.extras = ((LOUNGE, _cell(draw, 10 * number + 1, 6, "")),)
        found.append(leg)
    return sorted(found, key=lambda leg: (leg.departs, leg.id))


def _cell(draw: st.DrawFn, id: int, capacity: int, cabin: str) -> Cell:
    cell = Cell(id, cabin, capacity, draw(st.integers(0, 90_000)) if cabin else 0, "USD" if cabin else "")
    cell.hear(draw(st.integers(0, capacity + 2)), 1)
    return cell


@st.composite
def packages(draw: st.DrawFn) -> list[Package]:
    """The bare flight, perhaps, and up to three bundles."""
    found = [package(code="flight_only")] if draw(st.booleans()) else []
    for number in range(draw(st.integers(0, 3))):
        kinds = draw(st.lists(st.sampled_from(_TYPES), unique=True, max_size=3))
        extras = [
            _extra(draw, kind, number, draw(st.sampled_from(["segment", "journey", "passenger"]))) for kind in kinds
        ]
        if draw(st.booleans()):
            extras.append(_extra(draw, "lounge", number, "segment", limited=True))
        terms = Conditions(draw(st.booleans()), draw(st.integers(0, 9_000)), draw(st.booleans()), 0)
        found.append(Package(f"bundle_{number}", f'Bündle "{number}" 10 %', terms, tuple(extras)))
    return found


def _extra(draw: st.DrawFn, kind: str, number: int, applies_to: str, limited: bool = False) -> Extra:
    base, percent = Money(draw(st.integers(0, 9_999)), "USD"), Decimal(draw(st.integers(0, 10_000))) / 100
    price = extra_price(base, discount_percent=percent, bundle_name=f"Bundle {number}")
    return Extra(f"prd_{kind}", kind, kind.title(), applies_to, draw(st.integers(1, 3)), price, limited=limited)


@st.composite
def requests(draw: st.DrawFn) -> SearchRequest:
    """One way, there and back, or there, back and there again."""
    ends = draw(st.sampled_from([WAYS[:1], WAYS[:2], [*WAYS[:2], WAYS[0]]]))
    adults = draw(st.integers(1, 4))
    travellers = [Passenger("adult")] * adults + [Passenger("child", 7)] * draw(st.integers(0, 2))
    travellers += [Passenger("infant")] * draw(st.integers(0, adults))
    days = sorted(draw(st.lists(st.sampled_from([0, 0, 1]), min_size=len(ends), max_size=len(ends))))
    slices = tuple(SliceRequest(*way, DAY + timedelta(days=day)) for way, day in zip(ends, days, strict=True))
    return SearchRequest(slices, tuple(travellers), max_offers=draw(st.integers(3, 5)))


def market(flights: Sequence[Leg], bundles: Sequence[Package]) -> Market:
    """The world in memory."""
    catalogue = Catalogue(flights, zones=ZONES, assortment=Assortment((), {"economy": Product}))
    return Market(catalogue, TERMS, lambda cabin: bundles)


def readable(world: Market, bundles: Sequence[Package], request: SearchRequest) -> list[Any] | str:
    """What the readable rules choose in this world, or why there is nothing."""
    slices = []
    for asked in request.slices:
        route = Route(asked.origin, asked.destination, asked.departure_date, "economy", *TERMS)
        slices.append([_option(way) for way in ways_of(world.catalogue, route, after=0).all])
    gap, context = timedelta(minutes=TERMS.min_minutes), SearchContext(9, 1, len(slices))
    if not all(reachable(slices, gap=gap)):
        return "no_flights"
    party, ranker = request.party, UtilityRanker()
    in_stock = [[option for option in options if option.seats_for(party.seated)] for options in slices]
    found = candidates(
        combine_sensibly(in_stock, gap=gap, ranker=ranker, context=context),
        bundles,
        pricer=FarePricer(party, Product.id),
        seated=party.seated,
        stock=_stock(world),
    )
    return ranked(found, ranker=ranker, context=context, most=request.max_offers) or "sold_out"


def _stock(world: Market) -> Stock:
    days = [leg for dates in world.catalogue._markets.values() for flights in dates.values() for leg in flights]
    return {(leg.id, id): (cell.inventory_id, cell.look.available) for leg in days for id, cell in leg.extras}


def _option(way: Way) -> Option:
    return Option(tuple(map(_segment, way.legs)), tuple(map(_seats, way.cells)))


def _seats(cell: Cell) -> Seats:
    return Seats(cell.inventory_id, cell.capacity, cell.look.available, Money(cell.base_minor, cell.currency))


def _segment(leg: Leg) -> Segment:
    return Segment(
        flight_id=leg.id,
        carrier=leg.carrier,
        flight_number=leg.number,
        origin=leg.origin,
        destination=leg.destination,
        departing_at=leg.departing_at,
        arriving_at=leg.arriving_at,
        departing_at_local=leg.departing_at_local,
        arriving_at_local=leg.arriving_at_local,
        origin_time_zone=leg.origin_zone,
        destination_time_zone=leg.destination_zone,
        cabin="economy",
        aircraft=leg.aircraft,
    )
