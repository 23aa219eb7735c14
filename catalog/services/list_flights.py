"""Flights on a day with what is left of them and what that costs now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from altis.shared.clock import now
from altis.shared.errors import Fault
from altis.shared.money import Money
from catalog import selectors
from catalog.errors import UnknownAirport
from catalog.models import Flight
from catalog.pricing import flight_price
from catalog.selectors import CabinSeats, FlightView
from catalog.services.availability import available_many


@dataclass(frozen=True, slots=True)
class CabinOffer:
    """A cabin on sale: the price of one adult's seat now, None when nothing is left."""

    seats: CabinSeats
    available: int
    price: Money | None


@dataclass(frozen=True, slots=True)
class PricedFlight:
    """A flight and its cabins, from back to front."""

    flight: FlightView
    cabins: tuple[CabinOffer, ...]


def list_flights(*, origin: str, destination: str, departure_date: date) -> QuerySet[Flight]:
    """The direct flights on sale that have not left yet; raises UnknownAirport with a fault for each unknown end."""
    ends = {"/origin": origin, "/destination": destination}
    known = selectors.known_airports(set(ends.values()))
    unknown = [pointer for pointer, code in ends.items() if code not in known]
    if unknown:
        raise UnknownAirport(
            faults=[Fault(pointer, UnknownAirport.code, UnknownAirport.message) for pointer in unknown]
        )
    return selectors.flights_for_sale(
        origin=origin, destination=destination, departure_date=departure_date, after=now()
    )


def price_flights(ids: Sequence[str]) -> dict[str, PricedFlight]:
    """The flights with these ids, priced by what is left now. One query and one look at the gate."""
    views = selectors.flights_by_id(ids)
    available = available_many([seats.inventory_id for view in views.values() for seats in view.cabins])
    return {
        id: PricedFlight(view, tuple(_cabin(seats, available.get(seats.inventory_id, 0)) for seats in view.cabins))
        for id, view in views.items()
    }


def _cabin(seats: CabinSeats, available: int) -> CabinOffer:
    sellable = available > 0 and seats.capacity > 0
    price = (
        flight_price(seats.base, available=available, capacity=seats.capacity, passenger="adult").unit
        if sellable
        else None
    )
    return CabinOffer(seats, available, price)
