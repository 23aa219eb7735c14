"""What must hold of all orders together, by the numbers of the invariants; every query finds what contradicts one."""

from typing import Any

from django.db import connection

from tests.catalog import books

_CONTRADICTIONS = {
    "I5 holds follow their order": """
        SELECT h.id FROM catalog_hold h JOIN orders_order o ON o.id = h.order_id
        WHERE h.status <> CASE WHEN o.status IN ('PROPOSED', 'PAYMENT_PENDING') THEN 'HELD'
                               WHEN o.status IN ('EXPIRED', 'CANCELLED') THEN 'RELEASED' ELSE 'SOLD' END""",
    "I6 a limited item has one hold of its units": """
        SELECT i.id FROM orders_orderitem i LEFT JOIN catalog_hold h ON h.item_id = i.id
        WHERE i.units > 0 GROUP BY i.id HAVING count(h.id) <> 1 OR sum(h.quantity) <> i.units""",
    "I9 the status is that of the last event, and its number the version": """
        SELECT o.id FROM orders_order o LEFT JOIN LATERAL (
            SELECT to_status, sequence FROM orders_orderevent e WHERE e.order_id = o.id ORDER BY sequence DESC LIMIT 1
        ) last ON true WHERE (last.to_status, last.sequence) IS DISTINCT FROM (o.status, o.version::int)""",
    "I9 events follow one another": """
        SELECT id FROM (SELECT id, sequence, from_status, lag(to_status) OVER w AS before, row_number() OVER w AS place
                        FROM orders_orderevent WINDOW w AS (PARTITION BY order_id ORDER BY sequence)) e
        WHERE sequence <> place OR from_status IS DISTINCT FROM before""",
    "I10 every event stands in the outbox once": """
        SELECT e.id FROM orders_orderevent e LEFT JOIN store_outboxevent x
            ON x.id = e.id AND x.sequence = e.sequence AND x.subject = e.order_id WHERE x.id IS NULL""",
    "I12 an offer is accepted where it has an order": """
        SELECT f.id FROM offers_offer f LEFT JOIN orders_order o ON o.offer_id = f.id
        WHERE (f.status = 'ACCEPTED') <> (o.id IS NOT NULL)""",
    "I12 an offer has one order": "SELECT offer_id FROM orders_order GROUP BY offer_id HAVING count(*) > 1",
    "I13 items add up to the order": """
        SELECT o.id FROM orders_order o JOIN orders_orderitem i ON i.order_id = o.id
        GROUP BY o.id HAVING sum(i.total_minor) <> o.total_minor OR bool_or(i.currency <> o.currency)""",
    "I13 what was offered costs what was offered": """
        SELECT f.id FROM offers_offer f JOIN orders_order o ON o.offer_id = f.id
            JOIN orders_orderitem i ON i.order_id = o.id AND i.offered
        GROUP BY f.id HAVING sum(i.total_minor) <> f.total_minor""",
}


def contradictions() -> dict[str, list[Any]]:
    """The rows that break an invariant of orders or of the inventory, by invariant; empty when all is well."""
    found = books.contradictions()
    with connection.cursor() as cursor:
        for name, query in _CONTRADICTIONS.items():
            cursor.execute(query)
            if rows := [row[0] for row in cursor.fetchall()]:
                found[name] = rows
    return found
