"""Giving back what orders hold, any number of them at once: the ledger is changed once per inventory."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import F

from altis.shared.actors import Cause
from altis.store.sets import AnyOf, move_and_read
from catalog.lifecycle import HoldStatus
from catalog.models import Hold, JournalKind
from catalog.services import ledger
from catalog.services.holds import tell_gate_of


class _Held(NamedTuple):
    """What one order item held."""

    inventory_id: int
    id: str
    quantity: int


def release_set(order_ids: Sequence[str], *, cause: Cause) -> None:
    """Give back what these orders hold, in the caller's transaction; the gate is told after its commit.

    As the last change of the transaction: it goes with the COMMIT, so that the rows that every buyer wants are locked
    for no longer.
    """
    theirs = Hold.objects.filter(AnyOf(F("order_id"), order_ids))
    columns = ", ".join(_Held._fields)
    moved = move_and_read(theirs, HoldStatus.RELEASED, came_from=HoldStatus.HELD, columns=columns)
    if moved:
        held = sorted(_Held(*row) for row in moved)
        tell_gate_of(ledger.change(JournalKind.RELEASE, held, cause=cause))
