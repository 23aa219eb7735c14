"""The inventory: counters, holds, journal, and the gate beside them."""

from altis.insight.invariants.invariant import Invariant, Kind, Source, among
from catalog.models import ProductType

_NEVER_OVERSOLD = f"""
SELECT i.id::text FROM catalog_inventory i
WHERE {among("inventories", "i.id")} AND (i.held < 0 OR i.sold < 0 OR i.held + i.sold > i.capacity + i.forced_over)
"""

_COUNTERS_ARE_HOLDS = f"""
SELECT i.id::text FROM catalog_inventory i LEFT JOIN catalog_hold h ON h.inventory_id = i.id
WHERE {among("inventories", "i.id")} GROUP BY i.id
HAVING i.held <> coalesce(sum(h.quantity) FILTER (WHERE h.status = 'HELD'), 0)
    OR i.sold <> coalesce(sum(h.quantity) FILTER (WHERE h.status = 'SOLD'), 0)
"""

# Every line also says of its hold what its kind says.
_COUNTERS_ARE_THE_JOURNAL = f"""
SELECT i.id::text FROM catalog_inventory i LEFT JOIN catalog_inventory_journal j ON j.inventory_id = i.id
WHERE {among("inventories", "i.id")} GROUP BY i.id
HAVING i.held <> coalesce(sum(j.d_held), 0) OR i.sold <> coalesce(sum(j.d_sold), 0)
    OR i.capacity <> coalesce(sum(j.d_capacity), 0)
    OR i.version <> count(j.version) OR i.version <> coalesce(max(j.version), 0)
UNION ALL
SELECT j.inventory_id::text FROM catalog_inventory_journal j LEFT JOIN catalog_hold h ON h.id = j.hold_id
WHERE {among("inventories", "j.inventory_id")} AND j.kind NOT IN ('CAPACITY', 'CLOSE', 'REOPEN')
  AND (j.inventory_id, j.d_capacity, j.d_held, j.d_sold) IS DISTINCT FROM
      (h.inventory_id, 0, CASE j.kind WHEN 'HOLD' THEN h.quantity WHEN 'RETURN' THEN 0 ELSE -h.quantity END,
       CASE j.kind WHEN 'SELL' THEN h.quantity WHEN 'RETURN' THEN -h.quantity ELSE 0 END)
"""

_HOLDS_RESOLVE_ONCE = f"""
SELECT h.id FROM catalog_hold h LEFT JOIN catalog_inventory_journal j ON j.hold_id = h.id
WHERE {among("inventories", "h.inventory_id")} GROUP BY h.id
HAVING count(*) FILTER (WHERE j.kind = 'HOLD') <> 1
    OR count(*) FILTER (WHERE j.kind = 'RETURN') > 1
    OR count(*) FILTER (WHERE j.kind = 'SELL') <> (h.status = 'SOLD')::int + count(*) FILTER (WHERE j.kind = 'RETURN')
    OR count(*) FILTER (WHERE j.kind IN ('RELEASE', 'RETURN')) <> (h.status = 'RELEASED')::int
    OR h.version <> 1 + (h.status <> 'HELD')::int + count(*) FILTER (WHERE j.kind = 'RETURN')
"""

# An infant sits on a lap and holds nothing; what has an inventory holds as many units of it as were bought.
_ITEMS_HOLD_WHAT_THEY_NEED = f"""
SELECT i.id FROM orders_orderitem i LEFT JOIN catalog_hold h ON h.item_id = i.id
WHERE {among("orders", "i.order_id")} GROUP BY i.id
HAVING count(h.id) <> (i.inventory_id IS NOT NULL)::int
    OR i.units <> CASE WHEN i.inventory_id IS NULL THEN 0 ELSE i.quantity END
    OR (i.inventory_id IS NULL AND i.type = '{ProductType.FLIGHT}' AND i.passenger_type <> 'infant')
    OR bool_or((h.order_id, h.inventory_id, h.quantity) IS DISTINCT FROM (i.order_id, i.inventory_id, i.units)
               AND h.id IS NOT NULL)
UNION ALL
SELECT h.id FROM catalog_hold h LEFT JOIN orders_orderitem i ON i.id = h.item_id
WHERE {among("orders", "h.order_id")} AND i.id IS NULL
UNION ALL
SELECT a.item_id FROM catalog_seatassignment a
JOIN catalog_seatassignment b ON b.flight_id = a.flight_id AND b.seat = a.seat AND b.id <> a.id
WHERE {among("orders", "a.order_id")} AND a.released_at IS NULL AND b.released_at IS NULL
"""

INVARIANTS = (
    Invariant("I1", "Nothing is oversold: held + sold <= capacity + forced_over", Kind.ALWAYS, _NEVER_OVERSOLD),
    Invariant("I2", "Held and sold are the sums of the live holds", Kind.ALWAYS, _COUNTERS_ARE_HOLDS),
    Invariant(
        "I3",
        "The counters are the sum of the journal, whose versions run from 1 without a gap",
        Kind.ALWAYS,
        _COUNTERS_ARE_THE_JOURNAL,
    ),
    Invariant(
        "I4",
        "A hold is journalled once and resolved at most once, as its status says",
        Kind.ALWAYS,
        _HOLDS_RESOLVE_ONCE,
    ),
    Invariant(
        "I6",
        "An item has one hold of the units that it needs, and a named seat belongs to one item",
        Kind.ALWAYS,
        _ITEMS_HOLD_WHAT_THEY_NEED,
    ),
    Invariant(
        "I7",
        "The gate says what the ledger says (5 s after a change), and no token outlives its deadline",
        Kind.QUIET,
        source=Source.GATE,
    ),
    Invariant("I8", "The gate knows no version that the ledger does not have", Kind.ALWAYS, source=Source.GATE),
)
