"""The ledger rows of newly seeded flights, and the journal lines that say where each capacity came from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from catalog.models import AircraftCabin, Product

# Flights that exist get the inventory they lack, so a product that became limited is caught up with.
_ADD = """
    WITH flight AS (
        SELECT id, aircraft_id FROM catalog_flight
        WHERE schedule_id = ANY(%(schedules)s) AND departure_date BETWEEN %(first)s AND %(last)s
    ), wanted AS (
        SELECT flight.id AS flight_id, seats.cabin, NULL AS product_id, seats.capacity
        FROM flight JOIN unnest(%(aircraft)s::text[], %(cabins)s::text[], %(seats)s::int[])
            AS seats (aircraft, cabin, capacity) ON seats.aircraft = flight.aircraft_id
        UNION ALL
        SELECT flight.id, '', extra.product_id, extra.capacity
        FROM flight CROSS JOIN unnest(%(products)s::text[], %(slots)s::int[]) AS extra (product_id, capacity)
    ), added AS (
        INSERT INTO catalog_inventory (flight_id, cabin, product_id, capacity, forced_over, held, sold, version)
        SELECT flight_id, cabin, product_id, capacity, 0, 0, 0, 1 FROM wanted
        WHERE NOT EXISTS (
            SELECT FROM catalog_inventory known
            WHERE known.flight_id = wanted.flight_id AND known.cabin = wanted.cabin
              AND known.product_id IS NOT DISTINCT FROM wanted.product_id
        )
        ON CONFLICT DO NOTHING
        RETURNING id, capacity
    )
    INSERT INTO catalog_inventory_journal (inventory_id, version, kind, d_capacity, d_held, d_sold, actor, reason)
    SELECT id, 1, 'CAPACITY', capacity, 0, 0, 'system:seed', 'seeded' FROM added
"""


def add_inventory(*, schedules: Sequence[int], first: date, last: date) -> int:
    """Give the flights of these schedules, first day to last, the inventory they lack; returns how many rows.

    One per cabin of the aircraft, and one per product on sale that has slots per flight.
    """
    cabins = list(AircraftCabin.objects.order_by("pk"))
    limited = Product.objects.filter(active=True, capacity_controlled=True, attributes__has_key="slots_per_flight")
    slots = list(limited.values_list("pk", "attributes__slots_per_flight"))
    criteria: dict[str, Any] = {
        "schedules": list(schedules),
        "first": first,
        "last": last,
        "aircraft": [cabin.aircraft_id for cabin in cabins],
        "cabins": [cabin.cabin for cabin in cabins],
        "seats": [cabin.capacity for cabin in cabins],
        "products": [product for product, _ in slots],
        "slots": [count for _, count in slots],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, criteria)
        return int(cursor.rowcount)
