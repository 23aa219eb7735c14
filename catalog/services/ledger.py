"""The ledger's one writer: counters, journal and event change together, rows locked in ascending order of id."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from altis.shared.actors import Cause
from altis.shared.ids import new_id
from altis.store import outbox
from altis.store.pipeline import put
from altis.store.statements import Answer
from catalog.errors import SoldOut
from catalog.events import (
    InventoryChanged,
    InventoryClosed,
    InventoryHeld,
    InventoryReleased,
    InventoryReopened,
    InventoryResized,
    InventorySold,
)
from catalog.inventory import Level
from catalog.models import Flight, Inventory, JournalEntry, JournalKind

_LOCK = b"SELECT id FROM catalog_inventory WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
# One statement for the counters, the journal and the events, so that nothing but the COMMIT is left to do while the
# row that everybody wants is locked. It fails as a whole when one row has too few left. What belongs to a row of the
# ledger stands in its arrays where its id stands in $1: so rows are found by their key, whatever else the planner
# thinks of. Of one row the arrays are plain values, as in nearly every order.
_CHANGE = """
WITH i AS (
  UPDATE catalog_inventory
     SET held = held + {held}, sold = sold + {sold}, version = version + {moves}{source}
   WHERE {chosen} AND capacity + forced_over - sold - held >= {need} AND NOT (closed AND {need} > 0)
  RETURNING id, flight_id, cabin, product_id, capacity, held, sold,
            capacity + forced_over - sold - held AS available, version, version - {moves} AS before, {event} AS event
), journal AS (
  INSERT INTO catalog_inventory_journal
         (inventory_id, version, kind, hold_id, d_capacity, d_held, d_sold, actor, reason)
  SELECT i.id, i.before + line.nth, $12, line.hold, 0, line.held, line.sold, $13, $14
    FROM i JOIN unnest($7::bigint[], $8::int[], $9::text[], $10::int[], $11::int[])
             AS line(id, nth, hold, held, sold) ON line.id = i.id
), event AS (
  INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, error)
  SELECT i.event, $15, $16, 'inv_' || i.id, i.version, jsonb_build_object('flight_id', i.flight_id,
         'cabin', i.cabin, 'product_id', i.product_id, 'capacity', i.capacity, 'available', i.available,
         'held', i.held, 'sold', i.sold, 'reason', $14::text), '{{}}', ''
    FROM i ORDER BY i.id
)
SELECT i.id, i.available, i.version, altis_expect((SELECT count(*) FROM i), $17)
  FROM (SELECT) AS always LEFT JOIN i ON true ORDER BY i.id
"""
_PLACES = {"held": "$2::int", "sold": "$3::int", "moves": "$4::int", "need": "$5::int", "event": "$6::text"}
_CHANGE_ONE = _CHANGE.format(source="", chosen="id = $1::bigint", **_PLACES).encode()
_CHANGE_MANY = _CHANGE.format(
    source="",
    chosen="id = ANY($1::bigint[])",
    **{name: f"({place}[])[array_position($1::bigint[], id)]" for name, place in _PLACES.items()},
).encode()
# Looking a place up costs as much as there are rows: a sweep's hundreds are joined with theirs.
_CHANGE_SET = _CHANGE.format(
    source=f"\n    FROM unnest($1::bigint[], {', '.join(f'{place}[]' for place in _PLACES.values())})"
    f" AS d(d_id, {', '.join(f'd_{name}' for name in _PLACES)})",
    chosen="id = d_id",
    **{name: f"d_{name}" for name in _PLACES},
).encode()
_FEW = 20
_EVENTS: Mapping[JournalKind, type[InventoryChanged]] = {
    JournalKind.CAPACITY: InventoryResized,
    JournalKind.HOLD: InventoryHeld,
    JournalKind.SELL: InventorySold,
    JournalKind.RELEASE: InventoryReleased,
    JournalKind.CLOSE: InventoryClosed,
    JournalKind.REOPEN: InventoryReopened,
    JournalKind.RETURN: InventoryReleased,
}
# What one unit of each kind does to (held, sold).
_SIGNS = {
    JournalKind.HOLD: (1, 0),
    JournalKind.SELL: (-1, 1),
    JournalKind.RELEASE: (-1, 0),
    JournalKind.RETURN: (0, -1),
}


class Held(Protocol):
    """A hold, loaded or not."""

    @property
    def id(self) -> str:
        """Its key."""

    @property
    def inventory_id(self) -> int:
        """Of which inventory."""

    @property
    def quantity(self) -> int:
        """How many units."""


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


def change(kind: JournalKind, holds: Sequence[Held], *, cause: Cause) -> Callable[[], list[Level]]:
    """Queue holds of one kind for their inventories, in the caller's transaction; returns how to read the levels.

    Refused with SoldOut when any inventory has too few left: with the next answer, or in place of the commit.
    """
    by_inventory: dict[int, list[Held]] = {}
    for hold in holds:
        by_inventory.setdefault(hold.inventory_id, []).append(hold)
    answer = _update(kind, by_inventory, cause)
    return lambda: [Level(int(str(id)), int(str(left)), int(str(version))) for id, left, version, _ in answer.rows()]


def resize(rows: Sequence[Inventory], *, capacity: int, forced_over: int, cause: Cause) -> list[Level]:
    """Give locked rows another capacity, in the caller's transaction; the rows are as they are then."""
    grown = {row.pk: (capacity - row.capacity, forced_over - row.forced_over) for row in rows}
    for row in rows:
        row.capacity, row.forced_over = capacity, forced_over
    return _write(rows, JournalKind.CAPACITY, grown=grown, columns=("capacity", "forced_over"), cause=cause)


def shut(rows: Sequence[Inventory], *, closed: bool, cause: Cause) -> list[Level]:
    """Let locked rows hold nothing more, or again what is left, in the caller's transaction."""
    for row in rows:
        row.closed = closed
    return _write(rows, JournalKind.CLOSE if closed else JournalKind.REOPEN, columns=("closed",), cause=cause)


def open_cabins(flight: Flight, cabins: Sequence[str], *, cause: Cause) -> list[Inventory]:
    """Give a locked flight cabins that it did not have, without a seat as yet, in the caller's transaction.

    As when a flight is made, that is announced by nobody; what they are given next is.
    """
    rows = Inventory.objects.bulk_create(
        Inventory(flight=flight, cabin=cabin, capacity=0, version=1, closed=not flight.sales_open) for cabin in cabins
    )
    actor, reason = str(cause.actor), cause.reason
    JournalEntry.objects.bulk_create(
        JournalEntry(inventory=row, version=1, kind=JournalKind.CAPACITY, actor=actor, reason=reason) for row in rows
    )
    return rows


def _write(
    rows: Sequence[Inventory],
    kind: JournalKind,
    *,
    columns: Sequence[str],
    cause: Cause,
    grown: Mapping[int, tuple[int, int]] | None = None,
) -> list[Level]:
    """One version, journal line and event for each of the rows, whose columns are as they shall be.

    `grown`: by id, the change of the capacity and of the overbooking.
    """
    actor, reason, lines, events = str(cause.actor), cause.reason, [], []
    for row in rows:
        row.version += 1
        line = JournalEntry(inventory=row, version=row.version, kind=kind, actor=actor, reason=reason)
        line.d_capacity, line.d_over = (grown or {}).get(row.pk, (0, 0))
        lines.append(line)
        events.append(_event_of(kind, _after(row), cause))
    Inventory.objects.bulk_update(rows, [*columns, "version"])
    JournalEntry.objects.bulk_create(lines)
    outbox.record_many(events)
    return [Level(row.pk, row.available, row.version) for row in rows]


def _after(row: Inventory) -> _After:
    counters = (row.capacity, row.held, row.sold, row.available, row.version)
    return _After(row.pk, row.flight_id, row.cabin, row.product_id, *counters)


def levels(inventory_ids: Iterable[int]) -> list[Level]:
    """What the ledger says of these inventories now."""
    rows = Inventory.objects.filter(pk__in=inventory_ids)
    figures = rows.values_list("pk", "capacity", "forced_over", "sold", "held", "version")
    return [Level(id, capacity + over - sold - held, version) for id, capacity, over, sold, held, version in figures]


def lock(inventory_ids: Iterable[int]) -> None:
    """Queue the locks of rows that will be changed more than once, in the order in which everybody takes them."""
    put(_LOCK, sorted(set(inventory_ids)))


def _update(kind: JournalKind, by_inventory: Mapping[int, Sequence[Held]], cause: Cause) -> Answer:
    ids = sorted(by_inventory)
    units = [sum(hold.quantity for hold in by_inventory[id]) for id in ids]
    held, sold = _SIGNS[kind]
    of_rows: list[Sequence[object]] = [
        ids,
        [held * n for n in units],
        [sold * n for n in units],
        [len(by_inventory[id]) for id in ids],
        units if kind == JournalKind.HOLD else [0] * len(ids),
        [new_id("evt") for _ in ids],
    ]
    alone = len(ids) == 1
    if not alone:
        put(_LOCK, ids)
    lines = [(id, nth, hold) for id in ids for nth, hold in enumerate(by_inventory[id], 1)]
    return put(
        _CHANGE_ONE if alone else _CHANGE_MANY if len(ids) <= _FEW else _CHANGE_SET,
        *(values[0] if alone else values for values in of_rows),
        [id for id, _, _ in lines],
        [nth for _, nth, _ in lines],
        [hold.id for _, _, hold in lines],
        [held * hold.quantity for _, _, hold in lines],
        [sold * hold.quantity for _, _, hold in lines],
        str(kind),
        str(cause.actor),
        cause.reason,
        _EVENTS[kind].topic,
        _EVENTS[kind].type,
        len(ids),
        refusals={"AL001": SoldOut},
    )


def _event_of(kind: JournalKind, row: _After, cause: Cause) -> InventoryChanged:
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
