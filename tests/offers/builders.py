"""Builders: a flight, a way to fly a slice, a bundle, with sensible values for what a test does not care about."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from altis.shared.money import Money
from catalog.pricing import extra_price
from offers import shelf
from offers.bundles import Conditions, Extra, FarePricer, OfferItem, Package, Stock
from offers.choosing import Candidate, Choice
from offers.compact import pack
from offers.documents import OfferDocument, SearchDocument, new_search_id
from offers.generating import Life, candidates, document, features
from offers.itineraries import combine
from offers.ranking import SearchContext, UtilityRanker
from offers.trip import Itinerary, Option, Party, Passenger, SearchRequest, Seats, Segment, SliceRequest

MORNING = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
DAY = date(2026, 12, 1)
ECONOMY = "prd_economy"
CONTEXT = SearchContext(days_ahead=9, travellers=1, slices=1)
HOUR = timedelta(hours=1)
FLIGHT_ONLY = Package("flight_only", "Flight Only", Conditions(False, 0, True, 10_000))


def segment(number: int = 100, *, departs: datetime = MORNING, minutes: int = 480, **changes: Any) -> Segment:
    values: dict[str, Any] = {
        "flight_id": f"flt_{number}",
        "carrier": "AL",
        "flight_number": str(number),
        "origin": "LHR",
        "destination": "JFK",
        "departing_at": departs,
        "arriving_at": departs + timedelta(minutes=minutes),
        "departing_at_local": departs.strftime("%Y-%m-%dT%H:%M:%S"),
        "arriving_at_local": (departs + timedelta(minutes=minutes - 300)).strftime("%Y-%m-%dT%H:%M:%S"),
        "origin_time_zone": "Europe/London",
        "destination_time_zone": "America/New_York",
        "cabin": "economy",
        "aircraft": "Airbus A330",
    }
    return Segment(**{**values, **changes})


def seats(inventory_id: int = 100, *, capacity: int = 100, available: int = 100, base: int = 20_000) -> Seats:
    return Seats(inventory_id, capacity, available, Money(base, "USD"))


def direct(number: int = 100, *, available: int = 100, base: int = 20_000, **of_segment: Any) -> Option:
    return Option((segment(number, **of_segment),), (seats(number, available=available, base=base),))


def connection(first: int = 200, *, departs: datetime = MORNING, stop: timedelta = 2 * HOUR) -> Option:
    inbound = segment(first, departs=departs, minutes=120, destination="DUB")
    onward = segment(first + 1, departs=inbound.arriving_at + stop, minutes=420, origin="DUB")
    return Option((inbound, onward), (seats(first, base=5_000), seats(first + 1, base=12_000)))


def extra(
    type: str = "bag", *, applies_to: str = "journey", base: int = 4_500, percent: str = "10", **of: Any
) -> Extra:
    price = extra_price(Money(base, "USD"), discount_percent=Decimal(percent), bundle_name="Comfort Bundle")
    values: dict[str, Any] = {"quantity": 1, **of}
    return Extra(f"prd_{type}", type, type.title(), applies_to, price=price, **values)


def package(*extras: Extra, code: str = "comfort") -> Package:
    return Package(code, f"{code.title()} Bundle", Conditions(True, 7_500, True, 5_000), extras)


def trip(*options: Option) -> Itinerary:
    return Itinerary(options or (direct(),))


def candidate(
    bundle: Package = FLIGHT_ONLY, *options: Option, party: Party | None = None, stock: Stock | None = None
) -> Candidate:
    travellers = party or Party(1)
    [found] = candidates(
        [trip(*options)],
        [bundle],
        pricer=FarePricer(travellers, ECONOMY),
        seated=travellers.seated,
        stock=stock or {},
    )
    return found


def choices(*found: Candidate) -> list[Choice]:
    """What the baseline says of these candidates beside each other."""
    from_baseline = UtilityRanker().rank([features(one) for one in found], CONTEXT)
    return [Choice(one, verdict) for one, verdict in zip(found, from_baseline, strict=True)]


def request(*passengers: Passenger, slices: int = 1, **changes: Any) -> SearchRequest:
    ends = [("LHR", "JFK"), ("JFK", "LHR")] * 2
    asked = tuple(SliceRequest(*ends[index], DAY + timedelta(days=7 * index)) for index in range(slices))
    return SearchRequest(**{"slices": asked, "passengers": passengers or (Passenger("adult"),), **changes})


def offer(*, created_at: datetime = MORNING, seconds: int = 900, search_id: str = "", **of: Any) -> OfferDocument:
    """A comfort offer for an adult, a child and an infant on AL 100."""
    asked = request(Passenger("adult"), Passenger("child", 7), Passenger("infant"))
    found = candidate(package(extra()), party=asked.party)
    life = Life(search_id or new_search_id(), created_at, created_at + timedelta(seconds=seconds))
    [choice] = choices(found)
    return document(choice, rank=of.get("rank", 1), life=life, request=asked, currency="USD")


def combined(*slices: list[Option], gap: timedelta = HOUR) -> list[Itinerary]:
    return combine(slices, gap=gap, ranker=UtilityRanker(), context=CONTEXT)


def flights_of(itinerary: Itinerary) -> list[str]:
    return [segment.flight_number for segment in itinerary.segments]


def required_units(items: Iterable[OfferItem]) -> dict[int, int]:
    """How many units of each inventory the items need."""
    units: Counter[int] = Counter()
    for item in items:
        if item.inventory_id is not None:
            units[item.inventory_id] += item.units
    return dict(units)


def shelve(search: SearchDocument, *, ttl_seconds: int = 60) -> None:
    """Put a search on the shelf, as the search itself does."""
    impression = None if search.weight is None else search.impression()
    shelf.put(search.id, document=pack(search), impression=impression, ttl_seconds=ttl_seconds)
