"""Reading the catalogue from PostgreSQL: a handful of queries, in one snapshot."""

import time
from collections.abc import Callable, Hashable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction

from altis.shared.clock import now
from catalog import selectors
from catalog.index.catalogue import Assortment, Catalogue
from catalog.index.records import Cell, Leg, Look
from catalog.models import Airport, Cabin

T = TypeVar("T", bound=Hashable)
_FLIGHTS = """
    SELECT flight.id, flight.carrier, flight.flight_number, flight.origin_id, flight.destination_id,
           (SELECT name FROM catalog_aircraft WHERE code = flight.aircraft_id), flight.departure_date,
           (extract(epoch FROM flight.departing_at) * 1000000)::bigint,
           (extract(epoch FROM flight.arriving_at) * 1000000)::bigint
    FROM catalog_flight flight
    WHERE flight.sales_open AND flight.departing_at > %(since)s
    ORDER BY flight.departing_at, flight.id
"""
# A cabin without a fare is not for sale.
_INVENTORY = """
    SELECT stock.flight_id, stock.id, stock.cabin, stock.product_id, stock.capacity,
           stock.capacity + stock.forced_over - stock.sold - stock.held, stock.version,
           coalesce(fare.base_minor, 0), coalesce(fare.currency, '')
    FROM catalog_inventory stock
    JOIN catalog_flight flight ON flight.id = stock.flight_id
    LEFT JOIN catalog_fare fare ON fare.schedule_id = flight.schedule_id AND fare.cabin = stock.cabin
    WHERE flight.sales_open AND flight.departing_at > %(since)s
      AND (fare.id IS NOT NULL OR stock.product_id IS NOT NULL)
"""
_REVISION = "SELECT topic, number FROM catalog_revision"
_TOPICS = ("network", "assortment")
# Sold and held of what has changed lately, for the case that the gate was never told.
_RECENT = """
    SELECT id, capacity + forced_over - sold - held, version FROM catalog_inventory
    WHERE id IN (SELECT inventory_id FROM catalog_inventory_journal WHERE at >= altis_now() - make_interval(secs => %s))
"""
_AT_ONCE = 500
# The next departures are prepared for their first search, as long as that fits into memory (a kilobyte each).
PREPARED = 50_000
_PAST = timedelta(hours=1)
_BACK_TO_FRONT = {cabin: place for place, cabin in enumerate(Cabin.values)}
_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# The first row of a cursor is no use to us, all of them are; and a big network takes longer than any request may.
_BULK = "SET LOCAL cursor_tuple_fraction = 1; SET LOCAL statement_timeout = '60s'"


def load(pause: float = 0.0) -> Catalogue:
    """The whole catalogue as of one instant; `pause`: seconds to let others work after each few hundred rows."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_SNAPSHOT)
            cursor.execute(_BULK)
        return read_catalogue(pause)


def read_catalogue(pause: float = 0.0) -> Catalogue:
    """The whole catalogue, in the caller's transaction."""
    revision = read_revision()
    zones = dict(Airport.objects.values_list("code", "time_zone"))
    since = {"since": now() - _PAST}
    same, looks = _Same(), dict[tuple[int, int], Look]()
    legs = {row[0]: _leg(row, zones, same) for row in _rows(_FLIGHTS, since, pause)}
    for row in _rows(_INVENTORY, since, pause):
        leg = legs.get(row[0])
        if leg is not None:
            _stock(leg, row, same, looks)
    for leg in legs.values():
        if len(leg.cabins) > 1:
            leg.cabins = tuple(sorted(leg.cabins, key=lambda cell: _BACK_TO_FRONT[cell.cabin]))
    for number, leg in enumerate(islice(legs.values(), PREPARED)):
        leg.prepare()
        if pause and number % _AT_ONCE == 0:
            time.sleep(pause)
    catalogue = Catalogue(legs.values(), zones=zones, assortment=read_assortment())
    catalogue.revision = revision
    return catalogue


def read_assortment() -> Assortment:
    """The bundles and flight products on sale. Three queries."""
    return Assortment(selectors.bundles(), selectors.flight_products())


def read_revision() -> tuple[int, ...]:
    """How often the network and the assortment have changed. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISION)
        numbers = dict(cursor.fetchall())
    return tuple(numbers.get(topic, 0) for topic in _TOPICS)


def recent_levels(seconds: float) -> list[tuple[int, int, int]]:
    """Inventory id, available units and version of what has changed in so many seconds. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, [seconds])
        found: list[tuple[int, int, int]] = cursor.fetchall()
    return found


class _Same:
    """One object for all equal values: a date or a fare occurs in hundreds of rows."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Any] = {}

    def __call__(self, value: T) -> T:
        found: T = self._known.setdefault(value, value)
        return found


def _leg(row: tuple[Any, ...], zones: dict[str, str], same: Callable[[Any], Any]) -> Leg:
    id, carrier, number, origin, destination, aircraft, day, departs, arrives = row
    ends = (same(origin), same(destination), same(zones[origin]), same(zones[destination]))
    leg = Leg(id, same(carrier), same(number), same(ends))
    leg.aircraft, leg.day, leg.departs, leg.arrives = same(aircraft), same(day), departs, arrives
    return leg


def _stock(leg: Leg, row: tuple[Any, ...], same: Callable[[Any], Any], looks: dict[tuple[int, int], Look]) -> None:
    _, id, cabin, product_id, capacity, available, version, base_minor, currency = row
    cell = Cell(id, same(cabin) if product_id is None else "", same(capacity), same(base_minor), same(currency))
    cell.hear(available, version)
    # Most cabins are empty at first, and all such of one fare look the same.
    cell.look = looks.setdefault((cell.look.available, cell.look.fare), cell.look)
    if product_id is None:
        leg.cabins = (*leg.cabins, cell)
    else:
        leg.extras = (*leg.extras, (same(product_id), cell))


def _rows(query: str, criteria: dict[str, datetime], pause: float) -> Iterator[tuple[Any, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, criteria)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows
            if pause:
                time.sleep(pause)
