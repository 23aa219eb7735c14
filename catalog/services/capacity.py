"""Changing what a flight can carry: another aircraft, a blocked row, overbooking that somebody answers for."""

from collections.abc import Sequence

from altis.shared.actors import Cause
from altis.shared.errors import Invalid
from altis.store.database import command
from catalog.errors import CapacityBelowSold
from catalog.models import Inventory
from catalog.services import ledger
from catalog.services.holds import tell_gate_after_commit


def set_capacity(*, inventory_ids: Sequence[int], capacity: int, cause: Cause, forced_over: int = 0) -> list[Inventory]:
    """Give these inventories a capacity, all of them or none; `forced_over` units may be sold beyond it.

    Rows that have both figures already are left alone. Returns the rows as they are then. Raises Invalid for less than
    nothing, and CapacityBelowSold when more is held and sold than that: nobody is thrown off a flight by a number.
    """
    if capacity < 0 or forced_over < 0:
        raise Invalid("A capacity is zero or more.")
    with command():
        rows = list(Inventory.objects.filter(pk__in=inventory_ids).order_by("pk").select_for_update(no_key=True))
        changed = [row for row in rows if (row.capacity, row.forced_over) != (capacity, forced_over)]
        if any(row.held + row.sold > capacity + forced_over for row in changed):
            raise CapacityBelowSold
        tell_gate_after_commit(ledger.resize(changed, capacity=capacity, forced_over=forced_over, cause=cause))
    return rows
