"""Selling more than there is, on purpose: somebody answers for so many units of one cabin."""

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from altis.shared.actors import Actor, Cause
from altis.shared.errors import Invalid, NotFound
from altis.store.database import command
from catalog.errors import CapacityBelowSold, OverbookingTooHigh
from catalog.models import Cabin, Inventory
from catalog.overbooking import most_over, parse_limits
from catalog.services import ledger
from catalog.services.flight_rows import live_flight, lock_inventory
from catalog.services.holds import tell_gate_after_commit


def authorise_overbooking(*, inventory_id: int, units: int, actor: Actor, reason: str) -> Inventory:
    """Let so many units, no more and no fewer, be sold beyond the capacity of a cabin.

    Raises Invalid, NotFound, FlightIsCancelled, FlightIsOver, OverbookingTooHigh above `ALTIS_OVERBOOKING`, and
    CapacityBelowSold when what is taken back has been sold.
    """
    if units < 0:
        raise Invalid("Overbooking is zero units or more.")
    with command():
        rows = lock_inventory(Q(pk=inventory_id))
        if not rows:
            raise NotFound
        row = rows[0]
        live_flight(row.flight_id)
        _check(row, units)
        if row.forced_over != units:
            cause = Cause(actor, reason)
            tell_gate_after_commit(ledger.resize([row], capacity=row.capacity, forced_over=units, cause=cause))
    return row


def limit_of(row: Inventory) -> int:
    """The most units that `ALTIS_OVERBOOKING` allows beyond this capacity."""
    return most_over(overbooking_limits(), cabin=row.cabin, capacity=row.capacity)


def overbooking_limits() -> Mapping[str, int]:
    """Per cent by cabin, from ALTIS_OVERBOOKING; raises ImproperlyConfigured."""
    return _limits(settings.ALTIS_OVERBOOKING)


@lru_cache(maxsize=8)
def _limits(text: str) -> Mapping[str, int]:
    try:
        return parse_limits(text, cabins=Cabin.values)
    except ValueError as error:
        raise ImproperlyConfigured(f"ALTIS_OVERBOOKING: {error}") from None


def _check(row: Inventory, units: int) -> None:
    """Less than before is always within the limit, however high somebody else went."""
    most = limit_of(row)
    if units > max(most, row.forced_over):
        raise OverbookingTooHigh(f"At most {most} beyond the capacity of {row.capacity} are allowed here.")
    over = row.held + row.sold - row.capacity - units
    if over > 0:
        raise CapacityBelowSold(f"{over} more than that are held and sold already.")
