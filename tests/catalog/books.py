"""The books of the inventory: what must hold of ledger, journal, holds and gate, and how to look at them."""

from typing import cast

from altis.store.redis import client as redis_client
from catalog.models import Hold, Inventory, JournalEntry
from tests.insight.books import violations

# Those that need no order beside the hold.
_NUMBERS = ("I1", "I2", "I3", "I4", "I28")


def contradictions() -> dict[str, list[str]]:
    """What breaks an invariant of the inventory, by its number; empty when the books balance."""
    return violations(_NUMBERS)


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
