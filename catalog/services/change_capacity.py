"""Another capacity for one cabin, or one limited product, of a flight."""

from django.db.models import Q

from altis.shared.actors import Actor, Cause
from altis.shared.errors import Invalid, NotFound
from altis.store.database import command
from catalog.errors import CapacityBelowSold
from catalog.models import Inventory
from catalog.services import ledger
from catalog.services.flight_rows import live_flight, lock_inventory
from catalog.services.holds import tell_gate_after_commit


def change_capacity(*, inventory_id: int, capacity: int, actor: Actor, reason: str) -> Inventory:
    """Give an inventory a capacity; overbooking that was authorised stays and counts.

    Raises Invalid, NotFound, FlightIsCancelled, FlightIsOver, and CapacityBelowSold when more than that is held and
    sold.
    """
    if capacity < 0:
        raise Invalid("A capacity is zero or more.")
    with command():
        rows = lock_inventory(Q(pk=inventory_id))
        if not rows:
            raise NotFound
        row = rows[0]
        live_flight(row.flight_id)
        over = row.held + row.sold - capacity - row.forced_over
        if over > 0:
            raise CapacityBelowSold(
                f"{row.held + row.sold} are held and sold: {over} more than that. "
                "Authorise the difference as overbooking, or move customers first."
            )
        if row.capacity != capacity:
            cause = Cause(actor, reason)
            tell_gate_after_commit(ledger.resize([row], capacity=capacity, forced_over=row.forced_over, cause=cause))
    return row
