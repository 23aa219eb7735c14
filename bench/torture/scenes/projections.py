"""The analytics' figures, held against what the outbox itself says in SQL."""

from typing import Any

import psycopg

# Pairs that must be equal: by the projections, and straight from the events. Days are UTC days of the event.
_DAY = "(o.created_at AT TIME ZONE 'UTC')::date"
_PAIRS = {
    "events": (
        "SELECT count(*) FROM insight_seenevent",
        "SELECT count(*) FROM store_outboxevent o WHERE published_at IS NOT NULL",
    ),
    "sales": (
        "SELECT day, currency, orders, amount_minor FROM insight_dailysales WHERE orders > 0 ORDER BY 1, 2",
        f"""SELECT {_DAY}, payload #>> '{{total,currency}}', count(*),
                   sum((payload #>> '{{total,amount}}')::numeric * 100)::bigint
            FROM store_outboxevent o WHERE type = 'altis.order.paid' AND published_at IS NOT NULL
            GROUP BY 1, 2 ORDER BY 1, 2""",
    ),
    "orders placed": (
        "SELECT day, placed FROM insight_dailyorders WHERE placed > 0 ORDER BY 1",
        f"""SELECT {_DAY}, count(*) FROM store_outboxevent o
            WHERE type = 'altis.order.proposed' AND payload ->> 'came_from' IS NULL AND published_at IS NOT NULL
            GROUP BY 1 ORDER BY 1""",
    ),
    "loads": (
        "SELECT inventory_id, version, capacity, held, sold FROM insight_inventoryload ORDER BY 1",
        """SELECT DISTINCT ON (subject) subject, sequence, (payload ->> 'capacity')::int, (payload ->> 'held')::int,
                  (payload ->> 'sold')::int
           FROM store_outboxevent o WHERE topic = 'altis.inventory' AND published_at IS NOT NULL
           ORDER BY subject, sequence DESC""",
    ),
}


def differences(database_url: str) -> list[str]:
    """One line for each figure that is not what the outbox says; nothing when all are equal."""
    with psycopg.connect(database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found = {name: (_ask(connection, ours), _ask(connection, theirs)) for name, (ours, theirs) in _PAIRS.items()}
    return [
        f"{name}: projected {sorted(ours - theirs)[:3]}, by the outbox {sorted(theirs - ours)[:3]}"
        for name, (ours, theirs) in found.items()
        if ours != theirs
    ]


def _ask(connection: psycopg.Connection[Any], query: str) -> set[tuple[str, ...]]:
    return {tuple(map(str, row)) for row in connection.execute(query).fetchall()}
