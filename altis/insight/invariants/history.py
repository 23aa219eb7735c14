"""What keeps the history: tables that refuse changes, and an actor on every line."""

from altis.insight.invariants.invariant import Invariant, Kind, among

_DELETE, _UPDATE = 8, 16  # bits of pg_trigger.tgtype, beside 1 (for each row) and 2 (before)
_PROTECTED = (
    ("orders_orderevent", _DELETE | _UPDATE),
    ("catalog_inventory_journal", _DELETE | _UPDATE),
    ("payments_refund", _DELETE),
    ("orders_order", _DELETE),  # and what the keys of rows written with it, or with its holds, rely upon
    ("orders_passenger", _DELETE),
    ("orders_orderitem", _DELETE),
    ("catalog_hold", _DELETE),
    ("privacy_erasurelog", _DELETE | _UPDATE),
    ("accounts_reveal", _DELETE | _UPDATE),
    ("django_admin_log", _DELETE | _UPDATE),
    ("audit_change", _DELETE | _UPDATE),
)
_TABLES = ", ".join(f"('{name}', {what | 3})" for name, what in _PROTECTED)

_HISTORY_IS_KEPT = f"""
SELECT kept.name FROM (VALUES {_TABLES}) AS kept (name, bits)
WHERE NOT EXISTS (
    SELECT FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
    WHERE t.tgrelid = to_regclass(kept.name) AND f.proname = 'altis_refuse_change'
      AND t.tgtype & kept.bits = kept.bits AND t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL)
"""

_SOMEBODY_DID_IT = f"""
SELECT j.id::text FROM catalog_inventory_journal j
WHERE {among("inventories", "j.inventory_id")} AND (j.actor !~ '^(guest|user|staff|system):.' OR j.reason = '')
UNION ALL
SELECT e.id FROM orders_orderevent e
WHERE {among("orders", "e.order_id")} AND (e.actor !~ '^(guest|user|staff|system):.' OR e.reason = '')
UNION ALL
SELECT 'inv_' || i.id FROM catalog_inventory i
WHERE {among("inventories", "i.id")} AND i.forced_over > 0 AND NOT EXISTS (
    SELECT FROM catalog_inventory_journal j WHERE j.inventory_id = i.id AND j.kind = 'CAPACITY' AND j.version > 1)
"""

INVARIANTS = (
    Invariant(
        "I27",
        "The histories of orders, inventories, refunds and staff refuse changes",
        Kind.ALWAYS,
        _HISTORY_IS_KEPT,
    ),
    Invariant(
        "I28",
        "Every line of a history says who and why, and overbooking was somebody's decision",
        Kind.ALWAYS,
        _SOMEBODY_DID_IT,
    ),
)
