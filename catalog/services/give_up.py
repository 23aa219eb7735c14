"""Giving back what was sold: the units of some order items are for sale again."""

from collections.abc import Collection

from altis.shared.actors import Cause
from altis.store.reading import find
from altis.store.transition import LostRace, move_many
from catalog.lifecycle import HoldStatus
from catalog.models import Hold, JournalKind
from catalog.services import ledger
from catalog.services.holds import tell_gate_of

_SOLD = "WHERE item_id = ANY($1) AND status = 'SOLD' ORDER BY inventory_id, id"


def return_units(item_ids: Collection[str], *, cause: Cause) -> None:
    """Give back the sold units of items that hold some, all or none, in the caller's transaction.

    As the last change of the transaction; the gate is told after its commit. Raises LostRace when one of them has
    nothing sold.
    """
    if not item_ids:
        return
    holds = find(Hold, _SOLD, list(item_ids)).all()
    if len(holds) != len(item_ids):
        raise LostRace
    move_many(holds, HoldStatus.RELEASED, cause=cause)
    tell_gate_of(ledger.change(JournalKind.RETURN, holds, cause=cause))
