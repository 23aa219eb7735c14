"""How a consistent world is spoilt by SQL, and who must notice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Corruption:
    """One way to spoil the world. `found_by`: the invariants that find it, all of them and no other."""

    found_by: str
    name: str
    sql: str
    unguarded: str = ""  # a table whose triggers, or one of whose constraints ("table.constraint"), are in the way

    def statements(self, names: Mapping[str, object]) -> Iterator[str]:
        """The statements, with the guards away meanwhile; a trigger comes back, so that its absence is not found."""
        table, _, constraint = self.unguarded.partition(".")
        if constraint:
            kind = "INDEX" if constraint in INDEXES else f"TABLE {table} DROP CONSTRAINT"
            yield f"{'DROP' if kind == 'INDEX' else 'ALTER'} {kind} {constraint}"
        elif table:
            yield f"ALTER TABLE {table} DISABLE TRIGGER USER"
        yield from (each for each in self.sql.format(**names).split(";\n") if each.strip())
        if table and not constraint:
            yield f"ALTER TABLE {table} ENABLE TRIGGER USER"


INDEXES = {"seat_sold_once", "payment_one_live_attempt", "refund_once_per_cause", "order_accepts_an_offer_once"}
JOURNAL, EVENTS, REFUNDS = "catalog_inventory_journal", "orders_orderevent", "payments_refund"


def ledger(change: str) -> str:
    """Change the ledger row of the fulfilled order's first cabin."""
    return f"UPDATE catalog_inventory SET {change} WHERE id = {{seats}}"


def order(which: str, change: str) -> str:
    """Change one of the world's orders."""
    return f"UPDATE orders_order SET {change} WHERE id = '{{{which}}}'"


def payment(which: str, change: str) -> str:
    """Change the payments of one of the world's orders."""
    return f"UPDATE payments_payment SET {change} WHERE order_id = '{{{which}}}'"


def item(which: str, change: str, also: str = "position = 0") -> str:
    """Change an item, by default the first, of one of the world's orders."""
    return f"UPDATE orders_orderitem SET {change} WHERE order_id = '{{{which}}}' AND {also}"


def outbox(topic: str, subject: str) -> str:
    """The events of one aggregate."""
    return f"FROM store_outboxevent WHERE topic = 'altis.{topic}' AND subject = '{subject}'"
