"""Tables as full as after a year: copies of a few real rows, made inside PostgreSQL in seconds.

A copy of an envelope cannot be opened, since it is bound to the row that it was made for; lists open none.
"""

from typing import Any

from django.apps import apps
from django.db import connection

FLIGHTS, ORDERS, USERS = 30_000, 100_000, 20_000
_EVENTS = 2 * ORDERS
# The higher a number, the later: ids sort by time, as real ones do.
_SPREAD = f"now() - ({ORDERS} - n % {ORDERS}) * interval '5 minutes'"


def _id(prefix: str, number: str = "n") -> str:
    return f"'{prefix}_' || lpad(({number})::text, 26, '0')"


def _some_alike(column: str) -> str:
    """A blind index: every 500th row has that of the copied one, the others one of their own."""
    return f"CASE WHEN n % 500 = 0 THEN old.{column} ELSE md5(n::text) || md5('{column}' || n) END"


_FLIGHT, _USER = f"1 + n % {FLIGHTS}", f"1 + n % {USERS}"
_ORDER_STATUS = (
    "(ARRAY['ARCHIVED', 'ARCHIVED', 'ARCHIVED', 'FULFILLED', 'FULFILLED', 'EXPIRED', 'CANCELLED'])[1 + n % 7]"
)
_SOMEBODY = "'usr_' || lpad((n % 40)::text, 26, '0')"
_STAFF_EVERY_TENTH = "CASE WHEN n % 10 = 0 THEN 'staff:usr_' || lpad((n % 40)::text, 26, '0') ELSE old.actor END"
_OWN = {"order_id": _id("ord"), "passenger_id": _id("pax"), "item_id": _id("itm"), "flight_id": _id("flt", _FLIGHT)}
# Model, condition of the row that is copied, how often, and what is different in each copy, as SQL.
_CROWDS: tuple[tuple[str, str, int, dict[str, str]], ...] = (
    ("accounts.User", "is_staff = false", USERS, {"id": _id("usr"), "email_index": "md5(n::text)"}),
    (
        "catalog.Flight",
        "true",
        FLIGHTS,
        {
            "id": _id("flt"),
            "flight_number": "(1000 + n % 100)::text",
            "departure_date": "current_date - 100 + n / 100",
            "departing_at": "now() + (n / 100 - 100) * interval '1 day'",
            "arriving_at": "now() + (n / 100 - 100) * interval '1 day' + interval '8 hours'",
        },
    ),
    ("catalog.Inventory", "product_id IS NULL", FLIGHTS, {"id": "1000000 + n", "flight_id": _id("flt")}),
    (
        "orders.Order",
        "true",
        ORDERS,
        {
            "id": _id("ord"),
            "reference": "upper(lpad(to_hex(n), 6, '0'))",
            "offer_id": _id("off"),
            "owner_id": _id("usr", _USER),
            "status": _ORDER_STATUS,
            "created_at": _SPREAD,
            "contact_index": _some_alike("contact_index"),
        },
    ),
    (
        "orders.Passenger",
        "true",
        ORDERS,
        {"id": _id("pax"), "order_id": _id("ord"), "name_index": _some_alike("name_index")},
    ),
    (
        "orders.OrderItem",
        "flight_id IS NOT NULL",
        ORDERS,
        {**_OWN, "id": _id("itm"), "inventory_id": f"1000000 + {_FLIGHT}"},
    ),
    (
        "orders.OrderEvent",
        "true",
        _EVENTS,
        {
            "id": _id("evt"),
            "order_id": _id("ord", f"1 + n % {ORDERS}"),
            "sequence": "n",
            "at": _SPREAD,
            "actor": _STAFF_EVERY_TENTH,
        },
    ),
    ("orders.Document", "passenger_id IS NOT NULL", ORDERS, {**_OWN, "id": _id("doc")}),
    (
        "payments.Payment",
        "true",
        ORDERS,
        {"id": _id("pay"), "order_id": _id("ord"), "intent_id": "'pi_' || n", "created_at": _SPREAD},
    ),
    ("payments.Refund", "true", 10_000, {"id": _id("ref"), "payment_id": _id("pay"), "status": "'SUCCEEDED'"}),
    (
        "payments.WebhookReceipt",
        "true",
        ORDERS,
        {"event_id": "'whk_' || n", "payment_id": _id("pay"), "received_at": _SPREAD},
    ),
    (
        "catalog.Hold",
        "true",
        ORDERS,
        {"id": _id("hld"), **_OWN, "inventory_id": f"1000000 + {_FLIGHT}", "created_at": _SPREAD},
    ),
    (
        "catalog.JournalEntry",
        "true",
        ORDERS,
        {
            "id": "1000000 + n",
            "inventory_id": f"1000000 + {_FLIGHT}",
            "version": "n",
            "hold_id": _id("hld"),
            "at": _SPREAD,
        },
    ),
    ("offers.Offer", "true", ORDERS, {"id": _id("off"), "search_id": _id("srh"), "decided_at": _SPREAD}),
    ("offers.Impression", "true", ORDERS, {"search_id": _id("srh"), "shown_at": _SPREAD}),
    (
        "store.OutboxEvent",
        "true",
        ORDERS,
        {
            "position": "1000000 + n",
            "id": _id("evt"),
            "subject": _id("ord"),
            "created_at": _SPREAD,
            "published_at": _SPREAD,
        },
    ),
    ("accounts.Reveal", "true", ORDERS, {"id": _id("rvl"), "at": _SPREAD}),
    ("audit.Change", "true", 2 * ORDERS, {"id": "1000000 + n", "at": _SPREAD, "staff": _SOMEBODY}),
    ("admin.LogEntry", "true", ORDERS, {"id": "1000000 + n", "action_time": _SPREAD}),
)


def gather() -> None:
    """Fill the tables from the rows that are there: at least one of each model. Triggers and foreign keys rest."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            for label, only, count, changes in _CROWDS:
                cursor.execute(_copies(apps.get_model(label), only, count, changes))
                assert cursor.rowcount == count, label
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM (ANALYZE)")  # as autovacuum would have done


def _copies(model: Any, only: str, count: int, changes: dict[str, str]) -> str:
    columns = [field.column for field in model._meta.concrete_fields if not field.generated]
    values = ", ".join(changes.get(column, f'old."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    return (
        f"INSERT INTO {table} ({names}) SELECT {values} "
        f"FROM (SELECT * FROM {table} WHERE {only} LIMIT 1) AS old CROSS JOIN generate_series(1, {count}) AS n"
    )
