"""The ledger's one writer: counters, journal and event change together, rows locked in ascending order of id."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from altis.shared.actors import Cause
from altis.shared.ids import new_id
from altis.store import outbox
from altis.store.pipeline import put
from altis.store.statements import Answer
from catalog.errors import SoldOut
from catalog.events import InventoryChanged, InventoryHeld, InventoryReleased, InventoryResized, InventorySold
from catalog.inventory import Level
from catalog.models import Hold, Inventory, JournalEntry, JournalKind

_LOCK = b"SELECT id FROM catalog_inventory WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
# One statement for the counters, the journal and the events, so that nothing but the COMMIT is left to do while the
# row that everybody wants is locked. It fails as a whole when one row has too few left.
_CHANGE = """
WITH d AS (
  SELECT * FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[], $5::int[]) AS d(id, held, sold, moves, need)
), i AS (
  UPDATE catalog_inventory AS i
     SET held = i.held + d.held, sold = i.sold + d.sold, version = i.version + d.moves
    FROM d
   WHERE i.id = d.id AND i.capacity + i.forced_over - i.sold - i.held >= d.need
  RETURNING i.id, i.flight_id, i.cabin, i.product_id, i.capacity, i.held, i.sold,
            i.capacity + i.forced_over - i.sold - i.held AS available, i.version, d.moves
), journal AS (
  INSERT INTO catalog_inventory_journal
         (inventory_id, version, kind, hold_id, d_capacity, d_held, d_sold, actor, reason)
  SELECT i.id, i.version - i.moves + line.nth, $7, line.hold, 0, line.held, line.sold, $8, $9
    FROM i JOIN json_to_recordset($6::json) AS line(id bigint, nth int, hold text, held int, sold int) USING (id)
), event AS (
  INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, error)
  SELECT told.event, $10, $11, 'inv_' || i.id, i.version, jsonb_build_object('flight_id', i.flight_id,
         'cabin', i.cabin, 'product_id', i.product_id, 'capacity', i.capacity, 'available', i.available,
         'held', i.held, 'sold', i.sold, 'reason', $9::text), '{}', ''
    FROM i JOIN unnest($1::bigint[], $12::text[]) AS told(id, event) USING (id) ORDER BY i.id
)
SELECT i.id, i.available, i.version, altis_expect((SELECT count(*) FROM i), $13)
  FROM (SELECT) AS always LEFT JOIN i ON true ORDER BY i.id
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
class After:
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


def change(kind: JournalKind, holds: Sequence[Hold], *, cause: Cause) -> Callable[[], list[Level]]:
    """Queue holds of one kind for their inventories, in the caller's transaction; returns how to read the levels.

    Refused with SoldOut when any inventory has too few left: with the next answer, or in place of the commit.
    """
    by_inventory: dict[int, list[Hold]] = {}
    for hold in holds:
        by_inventory.setdefault(hold.inventory_id, []).append(hold)
    answer = _update(kind, by_inventory, cause)
    return lambda: [Level(int(str(id)), int(str(left)), int(str(version))) for id, left, version, _ in answer.rows()]


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
        after = After(
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
        events.append(event_of(JournalKind.CAPACITY, after, cause))
    Inventory.objects.bulk_update(rows, ["capacity", "forced_over", "version"])
    JournalEntry.objects.bulk_create(lines)
    outbox.record_many(events)
    return [Level(row.pk, row.available, row.version) for row in rows]


def levels(inventory_ids: Iterable[int]) -> list[Level]:
    """What the ledger says of these inventories now."""
    rows = Inventory.objects.filter(pk__in=inventory_ids)
    return [Level(row.pk, row.available, row.version) for row in rows]


def _update(kind: JournalKind, by_inventory: Mapping[int, Sequence[Hold]], cause: Cause) -> Answer:
    ids = sorted(by_inventory)
    units = [sum(hold.quantity for hold in by_inventory[id]) for id in ids]
    held, sold = _SIGNS[kind]
    if len(ids) > 1:
        put(_LOCK, ids)
    return put(
        _CHANGE.encode(),
        ids,
        [held * n for n in units],
        [sold * n for n in units],
        [len(by_inventory[id]) for id in ids],
        units if kind == JournalKind.HOLD else [0] * len(ids),
        orjson.dumps([_line(hold, nth, held, sold) for id in ids for nth, hold in enumerate(by_inventory[id], 1)]),
        str(kind),
        str(cause.actor),
        cause.reason,
        _EVENTS[kind].topic,
        _EVENTS[kind].type,
        [new_id("evt") for _ in ids],
        len(ids),
        refusals={"AL001": SoldOut},
    )


def _line(hold: Hold, nth: int, held: int, sold: int) -> dict[str, object]:
    """One line of the journal: the change that a hold makes, and the how manieth of its inventory it is."""
    units = {"held": held * hold.quantity, "sold": sold * hold.quantity}
    return {"id": hold.inventory_id, "nth": nth, "hold": hold.pk, **units}


def event_of(kind: JournalKind, row: After, cause: Cause) -> InventoryChanged:
    """What a change of this kind tells of the row that it left."""
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
