"""A trip for a demo order: searched for like anybody's, and not on the flight of the price examples."""

from collections.abc import Iterator
from datetime import timedelta

from altis.backoffice.demo.errors import DemoError
from altis.backoffice.demo.plan import UNTOUCHED, DemoOrder
from altis.shared import clock
from catalog.models import Flight
from offers.documents import OfferDocument
from offers.services.search import search_offers
from offers.trip import Passenger, SearchRequest, SliceRequest

# Far enough ahead that neither the sales cut-off nor the flight itself ends a status that is to stay for a day.
_DAYS_AHEAD = 7
_DAYS_AWAY = 7
_MARKETS_TRIED = 40


def find_offer(plan: DemoOrder, *, turn: int) -> OfferDocument:
    """An offer for the plan, in its bundle where there is one; `turn` spreads the orders over the network.

    A return that nobody flies becomes a one-way trip. Raises DemoError when there is nothing to sell.
    """
    for both_ways in (True, False) if plan.trip == "return" else (False,):
        for flight in _flights(turn):
            offers = [offer for offer in _search(plan, flight, both_ways) if _may_be_sold(offer)]
            if offers:
                return next((offer for offer in offers if offer.bundle == plan.bundle), offers[0])
    raise DemoError("There are no flights to sell. Run `manage.py seed_flights` first.")


def _flights(turn: int) -> Iterator[Flight]:
    """One flight of each market from the turn-th on, on the first day that is far enough ahead."""
    after = clock.now() + timedelta(days=_DAYS_AHEAD)
    flights = Flight.objects.filter(sales_open=True, departing_at__gte=after).exclude(flight_number__in=UNTOUCHED)
    markets = {(flight.origin_id, flight.destination_id): flight for flight in flights[: _MARKETS_TRIED * 5]}
    found = list(markets.values())[:_MARKETS_TRIED]
    start = turn * 3 % max(1, len(found))
    yield from found[start:] + found[:start]


def _search(plan: DemoOrder, flight: Flight, both_ways: bool) -> tuple[OfferDocument, ...]:
    there = SliceRequest(flight.origin_id, flight.destination_id, flight.departure_date)
    back = SliceRequest(flight.destination_id, flight.origin_id, flight.departure_date + timedelta(days=_DAYS_AWAY))
    request = SearchRequest(
        slices=(there, back) if both_ways else (there,),
        passengers=tuple(Passenger(type) for type in plan.travellers),
    )
    return search_offers(request=request).offers


def _may_be_sold(offer: OfferDocument) -> bool:
    return not any(segment.flight_number in UNTOUCHED for segment in offer.segments)
