"""The flights that answer a search, with what is left of them: few queries, and one look at the gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from catalog.selectors import CabinSeats, FlightView, connections_on, extras_inventory, flights_on
from catalog.services.availability import available_many
from offers.bundles import Stock
from offers.trip import Option, SearchRequest, Seats, Segment, SliceRequest

_Way = tuple[tuple[FlightView, CabinSeats], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The ways to fly each slice, and what is left of the limited products on their flights."""

    slices: tuple[tuple[Option, ...], ...]
    stock: Stock


def find(request: SearchRequest, *, after: datetime, currency: str, limited_extras: bool) -> Found:
    """Direct flights and connections with one stop for every slice, those that depart after `after`."""
    slices = [_ways(asked, request.cabin, after=after, currency=currency) for asked in request.slices]
    pairs = [pair for ways in slices for way in ways for pair in way]
    extras = extras_inventory({flight.id for flight, _ in pairs}) if limited_extras and pairs else {}
    ids = {seats.inventory_id for _, seats in pairs} | {id for id, _ in extras.values()}
    available = available_many(sorted(ids))
    return Found(
        slices=tuple(tuple(_option(way, available) for way in ways) for ways in slices),
        stock={key: (id, available.get(id, 0)) for key, (id, _capacity) in extras.items()},
    )


def _ways(asked: SliceRequest, cabin: str, *, after: datetime, currency: str) -> list[_Way]:
    """Flights whose cabin is for sale in this currency; a connection needs it on both."""
    direct = flights_on(
        origin=asked.origin, destination=asked.destination, departure_date=asked.departure_date, after=after
    )
    connecting = connections_on(
        origin=asked.origin,
        destination=asked.destination,
        departure_date=asked.departure_date,
        min_minutes=settings.ALTIS_MIN_CONNECTION_MINUTES,
        max_minutes=settings.ALTIS_MAX_CONNECTION_MINUTES,
        after=after,
    )
    ways = [_in_cabin(flights, cabin, currency) for flights in [*((flight,) for flight in direct), *connecting]]
    return [way for way in ways if way is not None]


def _in_cabin(flights: Sequence[FlightView], cabin: str, currency: str) -> _Way | None:
    pairs = []
    for flight in flights:
        seats = flight.cabin(cabin)
        if seats is None or seats.capacity <= 0 or seats.base.currency != currency:
            return None
        pairs.append((flight, seats))
    return tuple(pairs)


def _option(way: _Way, available: Mapping[int, int]) -> Option:
    return Option(
        segments=tuple(segment_of(flight, seats.cabin) for flight, seats in way),
        seats=tuple(
            Seats(seats.inventory_id, seats.capacity, available.get(seats.inventory_id, 0), seats.base)
            for _, seats in way
        ),
    )


def segment_of(flight: FlightView, cabin: str) -> Segment:
    """A flight in one of its cabins, as a part of a trip."""
    return Segment(
        flight_id=flight.id,
        carrier=flight.carrier,
        flight_number=flight.flight_number,
        origin=flight.origin,
        destination=flight.destination,
        departing_at=flight.departing_at,
        arriving_at=flight.arriving_at,
        departing_at_local=_wall_time(flight.local_departure),
        arriving_at_local=_wall_time(flight.local_arrival),
        origin_time_zone=flight.origin_zone,
        destination_time_zone=flight.destination_zone,
        cabin=cabin,
        aircraft=flight.aircraft,
    )


def _wall_time(local: datetime) -> str:
    return local.replace(tzinfo=None).isoformat(timespec="seconds")
