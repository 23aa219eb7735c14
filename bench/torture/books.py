"""The final state that the clients' history is held against, read from PostgreSQL directly, past the product."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg

from altis.shared.money import Money

PAID_OR_LATER = frozenset({"PAID", "FULFILLED", "ARCHIVED"})
_ORDERS = "SELECT id, offer_id, owner_id::text, status, total_minor, currency FROM orders_order"
_EVENTS = "SELECT order_id, to_status, reason FROM orders_orderevent ORDER BY order_id, sequence"
_PAYMENTS = "SELECT order_id, status FROM payments_payment ORDER BY id"
_REFUNDS = "SELECT p.order_id FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id"
_OFFERS = "SELECT id, status FROM offers_offer"
# The most that a cabin ever had: its capacity may have been cut and raised again meanwhile.
_SEATS = """
    SELECT i.flight_id || ' ' || i.cabin, (max(j.capacity) + max(i.forced_over))::int
    FROM catalog_inventory i JOIN (
        SELECT inventory_id, sum(d_capacity) OVER (PARTITION BY inventory_id ORDER BY version) AS capacity
        FROM catalog_inventory_journal
    ) j ON j.inventory_id = i.id
    WHERE i.cabin <> '' GROUP BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order as it stands in the end; `moves` are its statuses with their reasons, in order."""

    id: str
    offer: str
    owner: str
    status: str
    total: str = ""
    moves: tuple[tuple[str, str], ...] = ()
    payments: tuple[str, ...] = ()
    refunded: bool = False

    @property
    def is_paid(self) -> bool:
        """PAID or later; a cancellation after that stands beside its refund."""
        was_paid = any(to in PAID_OR_LATER for to, _ in self.moves)
        return self.status in PAID_OR_LATER or (self.status == "CANCELLED" and was_paid and self.refunded)


@dataclass(frozen=True, slots=True)
class Books:
    """Orders and decided offers by id, and the most seats that each `flight cabin` ever had."""

    orders: Mapping[str, OrderRow] = field(default_factory=dict)
    offers: Mapping[str, str] = field(default_factory=dict)
    seats: Mapping[str, int] = field(default_factory=dict)

    def by_offer(self) -> dict[str, list[OrderRow]]:
        """The orders of each offer; never more than one, if all is well."""
        found: dict[str, list[OrderRow]] = defaultdict(list)
        for order in self.orders.values():
            found[order.offer].append(order)
        return dict(found)


def read_books(database_url: str) -> Books:
    """One snapshot of it all."""
    with psycopg.connect(database_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        moves: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for order, to, reason in connection.execute(_EVENTS):
            moves[order].append((to, reason))
        payments: dict[str, list[str]] = defaultdict(list)
        for order, status in connection.execute(_PAYMENTS):
            payments[order].append(status)
        refunded = {order for (order,) in connection.execute(_REFUNDS)}
        orders = {
            order: OrderRow(
                id=order,
                offer=offer,
                owner=owner,
                status=status,
                total=str(Money(minor, currency)),
                moves=tuple(moves[order]),
                payments=tuple(payments[order]),
                refunded=order in refunded,
            )
            for order, offer, owner, status, minor, currency in connection.execute(_ORDERS)
        }
        offers: dict[str, str] = dict(connection.execute(_OFFERS).fetchall())
        seats: dict[str, int] = dict(connection.execute(_SEATS).fetchall())
    return Books(orders, offers, seats)
