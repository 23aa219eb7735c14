"""Flights between two airports on a day, direct or with one stop, and what stands around them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet

from altis.shared.errors import NotFound
from altis.shared.money import Money
from catalog.models import Airport, Cabin, Flight, Inventory

_BACK_TO_FRONT = Cabin.values
# One row per cabin. A cabin without a fare is not for sale, so not shown. Time zones and the aircraft are looked up,
# not joined: with six tables to put in order PostgreSQL plans ten times longer than it runs.
_CABINS = """
    SELECT flight.id, flight.carrier, flight.flight_number, flight.origin_id, flight.destination_id,
           flight.departing_at, flight.arriving_at,
           (SELECT time_zone FROM catalog_airport WHERE code = flight.origin_id),
           (SELECT time_zone FROM catalog_airport WHERE code = flight.destination_id),
           (SELECT name FROM catalog_aircraft WHERE code = flight.aircraft_id),
           flight.departure_date,
           seats.id, seats.cabin, seats.capacity, fare.base_minor, fare.currency
    FROM catalog_flight flight
    JOIN catalog_inventory seats ON seats.flight_id = flight.id AND seats.product_id IS NULL
    JOIN catalog_fare fare ON fare.schedule_id = flight.schedule_id AND fare.cabin = seats.cabin
"""
_OF_FLIGHT = 11  # the columns before those of the cabin
_BY_ID = f"{_CABINS} WHERE flight.id = ANY(%(ids)s) ORDER BY flight.departing_at, flight.id"
_DIRECT = f"""{_CABINS}
    WHERE flight.origin_id = %(origin)s AND flight.destination_id = %(destination)s
      AND flight.departure_date = %(day)s AND flight.sales_open
      AND (%(after)s::timestamptz IS NULL OR flight.departing_at > %(after)s)
    ORDER BY flight.departing_at, flight.id
"""
# The dates are bounds wide enough for any flight and time zone: they let the index by market serve the second leg.
_CONNECTIONS = """
    SELECT inbound.id, onward.id
    FROM catalog_flight inbound
    JOIN catalog_flight onward ON onward.origin_id = inbound.destination_id
     AND onward.departing_at BETWEEN inbound.arriving_at + %(shortest)s AND inbound.arriving_at + %(longest)s
    WHERE inbound.origin_id = %(origin)s AND inbound.departure_date = %(day)s
      AND inbound.destination_id NOT IN (%(origin)s, %(destination)s)
      AND onward.destination_id = %(destination)s
      AND onward.departure_date BETWEEN %(day)s::date - 1 AND %(day)s::date + 3
      AND inbound.sales_open AND onward.sales_open
      AND (%(after)s::timestamptz IS NULL OR inbound.departing_at > %(after)s)
    ORDER BY onward.arriving_at - inbound.departing_at, inbound.departing_at, inbound.id, onward.id
    LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class CabinSeats:
    """A cabin of a flight: its inventory, its seats and its base fare. What is left, `catalog.inventory` says."""

    inventory_id: int
    cabin: str
    capacity: int
    base: Money


@dataclass(frozen=True, slots=True)
class FlightView:
    """A dated flight with the cabins that have a fare, from back to front. Instants are in UTC."""

    id: str
    carrier: str
    flight_number: str
    origin: str
    destination: str
    departing_at: datetime
    arriving_at: datetime
    origin_zone: str
    destination_zone: str
    aircraft: str
    departure_date: date
    cabins: tuple[CabinSeats, ...]

    @property
    def local_departure(self) -> datetime:
        """The departure, aware, on the origin's wall clock."""
        return self.departing_at.astimezone(ZoneInfo(self.origin_zone))

    @property
    def local_arrival(self) -> datetime:
        """The arrival, aware, on the destination's wall clock."""
        return self.arriving_at.astimezone(ZoneInfo(self.destination_zone))

    def cabin(self, name: str) -> CabinSeats | None:
        """The cabin of this name, if the flight sells one."""
        return next((seats for seats in self.cabins if seats.cabin == name), None)


def flights_on(
    *, origin: str, destination: str, departure_date: date, after: datetime | None = None
) -> list[FlightView]:
    """The direct flights on sale on a local date, in order of departure; those that leave after `after`. One query."""
    criteria = {"origin": origin, "destination": destination, "day": departure_date, "after": after}
    return _views(_rows(_DIRECT, criteria))


def flights_for_sale(
    *, origin: str, destination: str, departure_date: date, after: datetime | None = None
) -> QuerySet[Flight]:
    """The same flights as `flights_on`, as a queryset to be paged."""
    flights = Flight.objects.filter(
        origin=origin, destination=destination, departure_date=departure_date, sales_open=True
    )
    return flights if after is None else flights.filter(departing_at__gt=after)


def flights_by_id(ids: Collection[str]) -> dict[str, FlightView]:
    """The flights with these ids, on sale or not; unknown ids are left out. One query."""
    return {view.id: view for view in _views(_rows(_BY_ID, {"ids": list(ids)}))}


def connections_on(
    *,
    origin: str,
    destination: str,
    departure_date: date,
    min_minutes: int,
    max_minutes: int,
    after: datetime | None = None,
    limit: int = 20,
) -> list[tuple[FlightView, FlightView]]:
    """Pairs of flights with one stop, the shortest journey first. Two queries.

    The second leaves `min_minutes` to `max_minutes` after the first arrives; the stop is neither end of the journey.
    """
    criteria = {
        "origin": origin,
        "destination": destination,
        "day": departure_date,
        "shortest": timedelta(minutes=min_minutes),
        "longest": timedelta(minutes=max_minutes),
        "after": after,
        "limit": limit,
    }
    pairs = _rows(_CONNECTIONS, criteria)
    views = flights_by_id({id for pair in pairs for id in pair})
    return [(views[first], views[second]) for first, second in pairs if first in views and second in views]


def extras_inventory(flight_ids: Collection[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """By (flight id, product id), the inventory id and capacity of each limited product. One query."""
    rows = Inventory.objects.filter(flight__in=flight_ids, product__isnull=False)
    return {
        (flight, product): (id, capacity)
        for flight, product, id, capacity in rows.values_list("flight_id", "product_id", "id", "capacity")
        if product is not None
    }


def cabin_inventory(flight_ids: Collection[str], cabin: str) -> list[int]:
    """The inventory ids of one cabin on these flights; raises NotFound when any has none. One query."""
    found = Inventory.objects.filter(flight__in=flight_ids, cabin=cabin).order_by("pk").values_list("pk", flat=True)
    ids = list(found)
    if len(ids) != len(set(flight_ids)):
        raise NotFound(f"Not all of these flights exist and have a {cabin} cabin.")
    return ids


def known_airports(codes: Collection[str]) -> set[str]:
    """Those of the codes that are airports. One query."""
    return set(Airport.objects.filter(code__in=codes).values_list("code", flat=True))


def _rows(query: str, criteria: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, criteria)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _views(rows: Iterable[tuple[Any, ...]]) -> list[FlightView]:
    """Neighbouring rows of one flight, one per cabin, become one view."""
    flights = [list(lines) for _, lines in groupby(rows, key=itemgetter(0))]
    return [FlightView(*(*lines[0][:_OF_FLIGHT], _seats(line[_OF_FLIGHT:] for line in lines))) for lines in flights]


def _seats(lines: Iterable[tuple[Any, ...]]) -> tuple[CabinSeats, ...]:
    cabins = [CabinSeats(id, cabin, capacity, Money(minor, currency)) for id, cabin, capacity, minor, currency in lines]
    return tuple(sorted(cabins, key=lambda seats: _BACK_TO_FRONT.index(seats.cabin)))
