"""Many orders at once: copies of one that was really placed, each with rows, holds and customers of its own.

A copy of an envelope cannot be opened, since it is bound to the row that it was made for; nobody reads these.
"""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from bench.speed.prepare import FIRST_USER, USER_HEAD

_INVENTORIES = 1000
_DIGITS = 21
# Every column of the row that is copied, with some put in its place: columns that are added later come along.
_COPY = """
INSERT INTO {table}
SELECT made.* FROM {table} AS old
CROSS JOIN generate_series(%(first)s::bigint, %(last)s::bigint) AS n
JOIN altis_bulk AS place ON place.number = n %% %(places)s
CROSS JOIN LATERAL jsonb_populate_record(old, {changes}) AS made
WHERE old.{key} = %(order)s
"""
_ID = "'{prefix}_0b' || lpad(n::text, {digits}, '0') || lpad(({position})::text, 3, '0')"
_POSITION = "old.position"
_PLACES = """
CREATE TEMPORARY TABLE altis_bulk AS
SELECT row_number() OVER (ORDER BY i.id) - 1 AS number, i.id AS inventory_id, i.flight_id
FROM catalog_inventory i JOIN catalog_flight f ON f.id = i.flight_id
WHERE i.product_id IS NULL AND i.capacity > 0 AND f.departure_date <> %(except)s
ORDER BY i.id LIMIT %(places)s
"""
_ROOM = """
UPDATE catalog_inventory AS i
   SET capacity = i.capacity + (SELECT sum(quantity) FROM catalog_hold WHERE order_id = %(order)s)
                               * (1 + (%(last)s - %(first)s) / %(places)s)
  FROM altis_bulk AS place WHERE place.inventory_id = i.id
"""
_LEDGER = """
UPDATE catalog_inventory AS i
   SET held = i.held + taken.units, version = i.version + taken.orders
  FROM (SELECT inventory_id, sum(quantity) AS units, count(*) AS orders FROM catalog_hold
         WHERE order_id BETWEEN %(lowest)s AND %(highest)s GROUP BY 1) AS taken
 WHERE taken.inventory_id = i.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """So many copies of an order, numbered from `first`, with numbers below a million since references are short.

    They are due `due_in` seconds from now; negative is overdue.
    """

    order_id: str
    first: int
    count: int
    users: int
    readers: int  # the first users have orders of their own, and none of these
    due_in: float
    except_day: object


def insert(database_url: str, copies: Copies) -> None:
    """All in one transaction: nobody sees them before the last is there.

    Room for them is made in one before: the API reads its catalog anew when a capacity changes, which shall be over
    when the orders are there.
    """
    with psycopg.connect(database_url) as session:
        session.execute("SET LOCAL synchronous_commit = off")
        session.execute(_PLACES, {"except": copies.except_day, "places": _INVENTORIES})
        row = session.execute("SELECT count(*) FROM altis_bulk").fetchone()
        values: dict[str, Any] = {
            "order": copies.order_id,
            "first": copies.first,
            "last": copies.first + copies.count - 1,
            "places": row[0] if row else 0,
            "lowest": _order_id(copies.first),
            "highest": _order_id(copies.first + copies.count - 1),
        }
        session.execute(_ROOM, values)
        session.commit()
        session.execute("SET LOCAL synchronous_commit = off")
        for table, key, changes in _tables(copies):
            query = sql.SQL(_COPY).format(
                table=sql.Identifier(table), key=sql.Identifier(key), changes=sql.SQL(_object(changes))
            )
            session.execute(query, values)
        session.execute(_LEDGER, values)


def readers(users: int) -> int:
    """How many of the users have orders to read: the first ones, who get none that are copied."""
    return min(50, users // 4)


def analyse(database_url: str) -> None:
    """Plans as they are in a database that has been there for a day."""
    with psycopg.connect(database_url, autocommit=True) as session:
        session.execute("ANALYZE")


def _tables(copies: Copies) -> list[tuple[str, str, dict[str, str]]]:
    """Table, its column with the order's id, and what is different in each copy, as SQL."""
    order, item, passenger = _id("ord", "0"), _id("itm", _POSITION), _id("pax", _POSITION)
    crowd = copies.users - copies.readers
    changes = {
        "id": order,
        "reference": "'b' || lpad(to_hex(n), 5, '0')",
        "offer_id": _id("off", "1"),
        "owner_id": f"'{USER_HEAD}' || ({FIRST_USER + copies.readers} + n % {crowd})::text",
        "client": "lpad((n % 4096)::text, 64, '0')",
        "expires_at": f"altis_clock() + interval '{copies.due_in} seconds'",
    }
    here = {"inventory_id": "place.inventory_id", "flight_id": "place.flight_id"}
    numbered = {
        "order_id": order,
        "item_id": _id("itm", "(SELECT position FROM orders_orderitem WHERE id = old.item_id)"),
    }
    return [
        ("orders_order", "id", changes),
        ("orders_passenger", "order_id", {"id": passenger, "order_id": order}),
        ("orders_orderitem", "order_id", {"id": item, "order_id": order, "passenger_id": "NULL"} | _where_held(here)),
        ("catalog_hold", "order_id", {"id": _id("hld", "0"), "inventory_id": here["inventory_id"]} | numbered),
        ("orders_orderevent", "order_id", {"id": _id("evt", "old.sequence"), "order_id": order}),
    ]


def _where_held(here: dict[str, str]) -> dict[str, str]:
    """Only an item that holds units points at an inventory."""
    return {name: f"CASE WHEN old.inventory_id IS NOT NULL THEN {value} END" for name, value in here.items()}


def _id(prefix: str, position: str) -> str:
    return _ID.format(prefix=prefix, digits=_DIGITS, position=position)


def _order_id(number: int) -> str:
    return f"ord_0b{number:0{_DIGITS}d}000"


def _object(changes: dict[str, str]) -> str:
    """A jsonb_build_object of these."""
    inside = ", ".join(f"'{name}', {value}" for name, value in changes.items())
    return f"jsonb_build_object({inside.replace('%', '%%')})"
