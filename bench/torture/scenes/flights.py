"""Flights for scenes: one that is alone on its route, and searches that find room."""

from typing import Any

import psycopg

Json = dict[str, Any]
# Alone on its route that day, so that a search offers nothing else.
_LONELY = """
    SELECT min(f.id), f.origin_id, f.destination_id, f.departure_date::text FROM catalog_flight f
    WHERE f.sales_open AND f.departing_at > now() + interval '30 hours'
    GROUP BY 2, 3, 4 HAVING count(*) = 1 ORDER BY 1 OFFSET %s LIMIT 1
"""
_ROOMY = """
    SELECT f.origin_id, f.destination_id, f.departure_date::text FROM catalog_flight f
    JOIN catalog_inventory i ON i.flight_id = f.id AND i.cabin = 'economy'
    WHERE f.sales_open AND f.departing_at > now() + interval '30 hours' AND i.capacity - i.held - i.sold >= 40
    ORDER BY 1, 2, 3
"""


def lonely(database_url: str, number: int) -> tuple[str, Json]:
    """The id of such a flight, counted from 0, and the search that finds it alone; raises LookupError."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute(_LONELY, [number]).fetchone()
    if row is None:
        raise LookupError("no flight is alone on its route: seed more routes")
    return str(row[0]), _search(*row[1:])


def bookable(database_url: str) -> list[Json]:
    """Searches for one adult on flights with at least 40 seats left."""
    with psycopg.connect(database_url) as connection:
        return [_search(*row) for row in connection.execute(_ROOMY).fetchall()]


def _search(origin: str, destination: str, day: str) -> Json:
    slices = [{"origin": origin, "destination": destination, "departure_date": day}]
    return {"slices": slices, "passengers": [{"type": "adult"}], "cabin": "economy"}
