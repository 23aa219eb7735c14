"""One instant of the whole database, and what changed shortly before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from catalog.events import InventoryChanged
from offers.events import OfferAccepted, SearchExpired
from orders.events import OrderMoved
from payments.events import PaymentMoved

_RECENT = "10 minutes"
_CHANGED_ORDERS = f"""
SELECT order_id FROM orders_orderevent WHERE at >= %(since)s
UNION SELECT subject FROM store_outboxevent WHERE created_at >= %(since)s AND topic = '{OrderMoved.topic}'
UNION SELECT payload ->> 'order_id' FROM store_outboxevent
    WHERE created_at >= %(since)s AND topic = '{PaymentMoved.topic}'
UNION SELECT h.order_id FROM catalog_inventory_journal j JOIN catalog_hold h ON h.id = j.hold_id WHERE j.at >= %(since)s
"""
_CHANGED_INVENTORIES = f"""
SELECT inventory_id FROM catalog_inventory_journal WHERE at >= %(since)s
UNION SELECT inventory_id FROM catalog_hold WHERE order_id = ANY(%(orders)s::text[])
UNION SELECT i.id FROM store_outboxevent x JOIN catalog_inventory i ON x.subject = 'inv_' || i.id
    WHERE x.created_at >= %(since)s AND x.topic = '{InventoryChanged.topic}'
"""
_CHANGED_OFFERS = f"""
SELECT id FROM offers_offer WHERE decided_at >= %(since)s
UNION SELECT offer_id FROM orders_order WHERE id = ANY(%(orders)s::text[])
UNION SELECT subject FROM store_outboxevent
    WHERE created_at >= %(since)s AND topic = '{OfferAccepted.topic}' AND type <> '{SearchExpired.type}'
"""


@dataclass(frozen=True, slots=True)
class Extent:
    """What the queries look at; None is everything. See altis/insight/invariants/invariant.py."""

    as_of: datetime
    since: datetime | None = None
    inventories: list[int] | None = None
    orders: list[str] | None = None
    offers: list[str] | None = None

    def parameters(self) -> dict[str, Any]:
        """The parameters of the queries that say what to look at."""
        return asdict(self)


@contextmanager
def snapshot(*, statement_seconds: int) -> Iterator[datetime]:
    """A read-only transaction that sees one instant; yields the database's clock just before that instant.

    Raises RuntimeError when nested: whoever has a transaction has seen another instant already.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # The first query takes the snapshot, after its own clock.
            cursor.execute(
                "SELECT altis_now(), set_config('statement_timeout', %s, true)", [str(statement_seconds * 1000)]
            )
            as_of: datetime = cursor.fetchone()[0]
        yield as_of


def everything(as_of: datetime) -> Extent:
    """All rows."""
    return Extent(as_of)


def recent(as_of: datetime) -> Extent:
    """What the histories and the outbox say has changed in the ten minutes before; every look-up is by index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz - %s::interval", [as_of, _RECENT])
        asked: dict[str, Any] = {"since": cursor.fetchone()[0]}
        for name, query in (
            ("orders", _CHANGED_ORDERS),
            ("inventories", _CHANGED_INVENTORIES),
            ("offers", _CHANGED_OFFERS),
        ):
            cursor.execute(query, asked)
            asked[name] = [row[0] for row in cursor.fetchall()]
    return Extent(as_of, **asked)
