"""The books of the inventory: what must hold of ledger, journal, holds and gate, and how to look at them."""

from typing import Any, cast

from django.db import connection

from altis.store.redis import client as redis_client
from catalog.models import Hold, Inventory, JournalEntry

# Every query finds what contradicts an invariant; the numbers are those of docs/holds.md.
_CONTRADICTIONS = {
    "never oversold": """
        SELECT id FROM catalog_inventory WHERE held < 0 OR sold < 0 OR held + sold > capacity + forced_over""",
    "counters are the live holds": """
        SELECT i.id FROM catalog_inventory i LEFT JOIN catalog_hold h ON h.inventory_id = i.id GROUP BY i.id
        HAVING i.held <> coalesce(sum(h.quantity) FILTER (WHERE h.status = 'HELD'), 0)
            OR i.sold <> coalesce(sum(h.quantity) FILTER (WHERE h.status = 'SOLD'), 0)""",
    "counters are the sum of the journal, its versions have no gap": """
        SELECT i.id FROM catalog_inventory i LEFT JOIN catalog_inventory_journal j ON j.inventory_id = i.id
        GROUP BY i.id HAVING i.held <> coalesce(sum(d_held), 0) OR i.sold <> coalesce(sum(d_sold), 0)
            OR i.capacity <> coalesce(sum(d_capacity), 0)
            OR i.version <> count(j.version) OR i.version <> coalesce(max(j.version), 0)""",
    "a hold resolves once, as its status says": """
        SELECT h.id FROM catalog_hold h WHERE (h.status <> 'HELD') <> EXISTS (
            SELECT 1 FROM catalog_inventory_journal j WHERE j.hold_id = h.id AND j.kind IN ('RELEASE', 'SELL'))
        UNION ALL SELECT hold_id FROM catalog_inventory_journal WHERE kind IN ('RELEASE', 'SELL')
        GROUP BY hold_id HAVING count(*) > 1""",
}


def contradictions() -> dict[str, list[Any]]:
    """The rows that break an invariant, by invariant; empty when the books balance."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in _CONTRADICTIONS.items():
            cursor.execute(query)
            if rows := [row[0] for row in cursor.fetchall()]:
                found[name] = rows
    return found


def figures(inventory: Inventory) -> tuple[int, int, int]:
    """Held, sold and version, as committed."""
    row = Inventory.objects.get(pk=inventory.pk)
    return row.held, row.sold, row.version


def journal(inventory: Inventory) -> list[tuple[int, str, int, int]]:
    """Every line after the opening one: version, kind, change of held, change of sold."""
    lines = JournalEntry.objects.filter(inventory=inventory, version__gt=1).order_by("version")
    return [(line.version, line.kind, line.d_held, line.d_sold) for line in lines]


def gate(inventory: Inventory) -> dict[str, str]:
    """The gate's hash of an inventory, `{}` when it is cold."""
    fields = cast("dict[bytes, bytes]", redis_client().hgetall(f"inv:{{{inventory.pk}}}"))
    return {name.decode(): value.decode() for name, value in fields.items()}


def set_gate(inventory: Inventory, *, base: int, ver: int) -> None:
    """Write the gate's figures past every rule."""
    redis_client().hset(f"inv:{{{inventory.pk}}}", mapping={"base": base, "ver": ver})


def holds_of(order_id: str) -> list[tuple[str, int]]:
    """Status and quantity of the order's holds."""
    return list(Hold.objects.filter(order_id=order_id).order_by("item_id").values_list("status", "quantity"))
