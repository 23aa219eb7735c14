"""The ledger's one writer: counters, journal and event change together, rows locked in ascending order of id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from altis.shared.actors import Cause
from altis.store import outbox
from catalog.errors import SoldOut
from catalog.events import InventoryChanged, InventoryHeld, InventoryReleased, InventoryResized, InventorySold
from catalog.inventory import Level
from catalog.models import Hold, Inventory, JournalEntry, JournalKind

_LOCK = "SELECT id FROM catalog_inventory WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_CHANGE = """
UPDATE catalog_inventory AS i
   SET held = i.held + d.held, sold = i.sold + d.sold, version = i.version + d.moves
  FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[]) AS d(id, held, sold, moves, need)
 WHERE i.id = d.id AND i.capacity + i.forced_over - i.sold - i.held >= d.need
RETURNING i.id, i.flight_id, i.cabin, i.product_id, i.capacity, i.held, i.sold,
          i.capacity + i.forced_over - i.sold - i.held, i.version
"""
_EVENTS: Mapping[JournalKind, type[InventoryChanged]] = {
    JournalKind.CAPACITY: InventoryResized,
    JournalKind.HOLD: InventoryHeld,
    JournalKind.SELL: InventorySold,
    JournalKind.RELEASE: InventoryReleased,
}
# What one unit of each kind does to (held, sold).
_SIGNS = {JournalKind.HOLD: (1, 0), JournalKind.SELL: (-1, 1), JournalKind.RELEASE: (-1, 0)}


@dataclass(frozen=True, slots=True)
class _After:
    """A ledger row after its change."""

    id: int
    flight_id: str
    cabin: str
    product_id: str | None
    capacity: int
    held: int
    sold: int
    available: int
    version: int


def change(kind: JournalKind, holds: Sequence[Hold], *, cause: Cause) -> list[Level]:
    """Apply holds of one kind to their inventories, in the caller's transaction.

    Raises SoldOut when any inventory has too few left; the caller's transaction must then end.
    """
    by_inventory: dict[int, list[Hold]] = {}
    for hold in holds:
        by_inventory.setdefault(hold.inventory_id, []).append(hold)
    rows = _update(kind, by_inventory)
    if len(rows) != len(by_inventory):
        raise SoldOut
    _write_journal(kind, rows, by_inventory, cause)
    outbox.record_many([_event(kind, row, cause) for row in rows])
    return [Level(row.id, row.available, row.version) for row in rows]


def resize(rows: Sequence[Inventory], *, capacity: int, forced_over: int, cause: Cause) -> list[Level]:
    """Give locked rows another capacity, in the caller's transaction; the rows are as they are then."""
    lines, events = [], []
    for row in rows:
        grown, row.capacity, row.forced_over, row.version = (
            capacity - row.capacity,
            capacity,
            forced_over,
            row.version + 1,
        )
        lines.append(
            JournalEntry(
                inventory=row,
                version=row.version,
                kind=JournalKind.CAPACITY,
                d_capacity=grown,
                actor=str(cause.actor),
                reason=cause.reason,
            )
        )
        after = _After(
            row.pk,
            row.flight_id,
            row.cabin,
            row.product_id,
            row.capacity,
            row.held,
            row.sold,
            row.available,
            row.version,
        )
        events.append(_event(JournalKind.CAPACITY, after, cause))
    Inventory.objects.bulk_update(rows, ["capacity", "forced_over", "version"])
    JournalEntry.objects.bulk_create(lines)
    outbox.record_many(events)
    return [Level(row.pk, row.available, row.version) for row in rows]


def levels(inventory_ids: Iterable[int]) -> list[Level]:
    """What the ledger says of these inventories now."""
    rows = Inventory.objects.filter(pk__in=inventory_ids)
    return [Level(row.pk, row.available, row.version) for row in rows]


def _update(kind: JournalKind, by_inventory: Mapping[int, Sequence[Hold]]) -> list[_After]:
    ids = sorted(by_inventory)
    units = [sum(hold.quantity for hold in by_inventory[id]) for id in ids]
    held, sold = _SIGNS[kind]
    with connection.cursor() as cursor:
        if len(ids) > 1:
            cursor.execute(_LOCK, [ids])
        cursor.execute(
            _CHANGE,
            [
                ids,
                [held * n for n in units],
                [sold * n for n in units],
                [len(by_inventory[id]) for id in ids],
                units if kind == JournalKind.HOLD else [0] * len(ids),
            ],
        )
        return sorted((_After(*row) for row in cursor.fetchall()), key=lambda row: row.id)


def _write_journal(
    kind: JournalKind, rows: Sequence[_After], by_inventory: Mapping[int, Sequence[Hold]], cause: Cause
) -> None:
    held, sold = _SIGNS[kind]
    JournalEntry.objects.bulk_create(
        JournalEntry(
            inventory_id=row.id,
            version=version,
            kind=kind,
            hold=hold,
            d_held=held * hold.quantity,
            d_sold=sold * hold.quantity,
            actor=str(cause.actor),
            reason=cause.reason,
        )
        for row in rows
        for version, hold in enumerate(by_inventory[row.id], row.version - len(by_inventory[row.id]) + 1)
    )


def _event(kind: JournalKind, row: _After, cause: Cause) -> InventoryChanged:
    return _EVENTS[kind](
        subject=f"inv_{row.id}",
        sequence=row.version,
        flight_id=row.flight_id,
        cabin=row.cabin,
        product_id=row.product_id,
        capacity=row.capacity,
        available=row.available,
        held=row.held,
        sold=row.sold,
        reason=cause.reason,
    )
