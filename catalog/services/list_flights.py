"""Flights on a day with what is left of them and what that costs now."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from altis.api.pagination import cursor_of, page, place_of
from altis.api.rendering import to_json
from altis.shared.clock import iso, now
from altis.shared.errors import Fault
from altis.shared.money import Money
from catalog import index, selectors
from catalog.errors import UnknownAirport
from catalog.index import Catalogue
from catalog.index.records import Cell, Leg, Look
from catalog.models import Flight
from catalog.pricing import flight_price
from catalog.schedule import wall_time
from catalog.selectors import CabinSeats, FlightView
from catalog.services.availability import available_many

_ORDER = ("departing_at", "id")


@dataclass(frozen=True, slots=True)
class Asked:
    """Airports by IATA code, and the local date at the origin."""

    origin: str
    destination: str
    departure_date: date


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


def flights_page(*, origin: str, destination: str, departure_date: date, limit: int, after: str | None) -> bytes:
    """One page of the direct flights on sale that have not left yet, in order of departure, as JSON.

    `after`: the `next` of the page before. From memory while the index is fresh. Raises UnknownAirport with a fault for
    each unknown end, and InvalidCursor.
    """
    catalogue = index.current()
    if catalogue is not None:
        return _from_memory(catalogue, Asked(origin, destination, departure_date), limit=limit, after=after or "")
    flights = list_flights(origin=origin, destination=destination, departure_date=departure_date)
    found = page(flights, key=_ORDER, present=lambda row: {"id": row.pk}, limit=limit, after=after or "")
    ids = [row["id"] for row in found["data"]]
    priced = price_flights(ids)
    return to_json({**found, "data": [_present(priced[id]) for id in ids if id in priced]})


def list_flights(*, origin: str, destination: str, departure_date: date) -> QuerySet[Flight]:
    """The direct flights on sale that have not left yet; raises UnknownAirport with a fault for each unknown end."""
    _refuse_unknown(origin, destination, selectors.known_airports({origin, destination}))
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


def _refuse_unknown(origin: str, destination: str, known: Container[str]) -> None:
    ends = {"/origin": origin, "/destination": destination}
    unknown = [pointer for pointer, code in ends.items() if code not in known]
    if unknown:
        raise UnknownAirport(
            faults=[Fault(pointer, UnknownAirport.code, UnknownAirport.message) for pointer in unknown]
        )


def _from_memory(catalogue: Catalogue, asked: Asked, *, limit: int, after: str) -> bytes:
    """The page without a question to anybody."""
    _refuse_unknown(asked.origin, asked.destination, catalogue.zones)
    # The cursor names a place in the order; instants are compared as the index has them.
    place = tuple(place_of(Flight, _ORDER, after)) if after else None
    moment = now()
    legs = [
        leg
        for leg in catalogue.direct(asked.origin, asked.destination, asked.departure_date)
        if leg.departing_at > moment and (place is None or (leg.departing_at, leg.id) > place)
    ]
    following = f'"{cursor_of(legs[limit - 1], _ORDER)}"' if len(legs) > limit else "null"
    # A flight none of whose cabins has a fare has a place in the order, but is not shown.
    shown = ",".join([_leg(leg) for leg in legs[:limit] if leg.cabins])
    return f'{{"data":[{shown}],"next":{following}}}'.encode()


def _leg(leg: Leg) -> str:
    cabins = ",".join([_cell(cell, cell.look) for cell in leg.cabins])
    return f'{{"id":"{leg.id}",{leg.texts[0]},"cabins":[{cabins}]}}'


def _cell(cell: Cell, look: Look) -> str:
    return _cell_text(cell.cabin, cell.capacity, look.available, look.fare, cell.currency)


@lru_cache(8192)
def _cell_text(cabin: str, capacity: int, available: int, fare: int, currency: str) -> str:
    # Figures, not the cell: cells of an index that has been replaced would stay in memory, and much around them.
    price = Money(fare, currency).as_json() if available > 0 and capacity > 0 else None
    return to_json({"cabin": cabin, "capacity": capacity, "available": available, "price": price}).decode()


def _present(priced: PricedFlight) -> dict[str, Any]:
    flight = priced.flight
    return {
        "id": flight.id,
        "carrier": flight.carrier,
        "flight_number": flight.flight_number,
        "origin": flight.origin,
        "destination": flight.destination,
        "departing_at": iso(flight.departing_at),
        "arriving_at": iso(flight.arriving_at),
        "departing_at_local": wall_time(flight.local_departure),
        "arriving_at_local": wall_time(flight.local_arrival),
        "origin_time_zone": flight.origin_zone,
        "destination_time_zone": flight.destination_zone,
        "aircraft": flight.aircraft,
        "cabins": [_present_cabin(cabin) for cabin in priced.cabins],
    }


def _present_cabin(cabin: CabinOffer) -> dict[str, Any]:
    return {
        "cabin": cabin.seats.cabin,
        "capacity": cabin.seats.capacity,
        "available": cabin.available,
        "price": cabin.price.as_json() if cabin.price else None,
    }
