"""Giving back what orders hold, any number of them at once: the ledger is changed once per inventory."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from django.db import connection
from django.db.models import F

from altis.shared.actors import Cause
from altis.store.sets import AnyOf, move_set, record_set
from catalog.inventory import Level
from catalog.lifecycle import HoldStatus
from catalog.models import Hold, JournalKind
from catalog.services.holds import tell_gate_after_commit
from catalog.services.ledger import After, event_of

# In ascending order, as everywhere: of two that want the same rows, one waits for the other and not both.
_LOCK = "SELECT id FROM catalog_inventory WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_GIVE_BACK = """
UPDATE catalog_inventory AS i
   SET held = i.held - d.units, version = i.version + d.moves
  FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS d(id, units, moves)
 WHERE i.id = d.id
RETURNING i.id, i.flight_id, i.cabin, i.product_id, i.capacity, i.held, i.sold,
          i.capacity + i.forced_over - i.sold - i.held, i.version
"""
_JOURNAL = """
INSERT INTO catalog_inventory_journal
       (inventory_id, version, kind, hold_id, d_capacity, d_held, d_sold, actor, reason, at)
SELECT d.inventory_id, d.version, %s, d.hold_id, 0, -d.units, 0, %s, %s, altis_now()
  FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::int[]) AS d(inventory_id, version, hold_id, units)
"""


class _Held(NamedTuple):
    """What one order item holds."""

    inventory_id: int
    id: str
    units: int


def release_set(order_ids: Sequence[str], *, cause: Cause) -> None:
    """Give back what these orders hold, in the caller's transaction; the gate is told after its commit.

    As the last change of the transaction: from here on the rows that every buyer wants are locked. Raises LostRace.
    """
    held = _held_by(order_ids)
    if not held:
        return
    holds = Hold.objects.filter(AnyOf(F("pk"), [hold.id for hold in held]))
    move_set(holds, HoldStatus.RELEASED, came_from=HoldStatus.HELD, count=len(held))
    by_inventory = {id: list(group) for id, group in groupby(held, key=lambda hold: hold.inventory_id)}
    rows = _give_back(by_inventory)
    _write_journal(rows, by_inventory, cause)
    record_set([event_of(JournalKind.RELEASE, row, cause) for row in rows])
    tell_gate_after_commit([Level(row.id, row.available, row.version) for row in rows])


def _held_by(order_ids: Sequence[str]) -> list[_Held]:
    theirs = Hold.objects.filter(AnyOf(F("order_id"), order_ids), status=HoldStatus.HELD)
    rows = theirs.order_by("inventory_id", "pk")
    return [_Held(*row) for row in rows.values_list("inventory_id", "pk", "quantity")]


def _give_back(by_inventory: Mapping[int, Sequence[_Held]]) -> list[After]:
    ids = list(by_inventory)
    units = [sum(hold.units for hold in by_inventory[id]) for id in ids]
    with connection.cursor() as cursor:
        if len(ids) > 1:
            cursor.execute(_LOCK, [ids])
        cursor.execute(_GIVE_BACK, [ids, units, [len(by_inventory[id]) for id in ids]])
        return sorted((After(*row) for row in cursor.fetchall()), key=lambda row: row.id)


def _write_journal(rows: Sequence[After], by_inventory: Mapping[int, Sequence[_Held]], cause: Cause) -> None:
    lines = [
        (row.id, version, hold.id, hold.units)
        for row in rows
        for version, hold in enumerate(by_inventory[row.id], row.version - len(by_inventory[row.id]) + 1)
    ]
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*lines, strict=True)]
        cursor.execute(_JOURNAL, [JournalKind.RELEASE, str(cause.actor), cause.reason, *columns])
