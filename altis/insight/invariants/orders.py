"""Orders, their items, passengers, seats and documents."""

from altis.insight.invariants.invariant import Invariant, Kind, among, any_of, table
from catalog.lifecycle import HoldStatus
from catalog.models import ProductType
from orders.barcodes.fields import MAX_LEGS
from orders.lifecycle import ITEMS_OF, ORDER, ItemStatus, OrderStatus
from orders.models import DocumentType

_HOLD_OF = {
    ItemStatus.HELD: HoldStatus.HELD,
    ItemStatus.CONFIRMED: HoldStatus.SOLD,
    ItemStatus.CANCELLED: HoldStatus.RELEASED,
    ItemStatus.REFUNDED: HoldStatus.RELEASED,
    ItemStatus.EXCHANGED: HoldStatus.RELEASED,
}
_FOLLOWS = table(_HOLD_OF.items(), "item", "hold")
# How often an item has moved to be what it is; and what the items of an order may be besides what `ITEMS_OF` says.
_MOVES_TO = {ItemStatus.HELD: 0, ItemStatus.CONFIRMED: 1, ItemStatus.CANCELLED: 1} | dict.fromkeys(
    (ItemStatus.REFUNDED, ItemStatus.EXCHANGED), 2
)
_BESIDES = (
    *((status, ItemStatus.EXCHANGED) for status in (OrderStatus.PAID, OrderStatus.FULFILLED, OrderStatus.ARCHIVED)),
    *((OrderStatus.CANCELLED, item) for item in (ItemStatus.REFUNDED, ItemStatus.EXCHANGED)),
)
_MAY_BE = table(
    ((order, item, str(1 + _MOVES_TO[item])) for order, item in (*ITEMS_OF.items(), *_BESIDES)),
    "status",
    "item",
    "version",
)
_ISSUED = any_of((OrderStatus.FULFILLED, OrderStatus.ARCHIVED))
_LIVE_ITEM = any_of((ItemStatus.HELD, ItemStatus.CONFIRMED))

_HOLDS_FOLLOW = f"""
SELECT h.id FROM catalog_hold h LEFT JOIN orders_order o ON o.id = h.order_id
LEFT JOIN orders_orderitem i ON i.id = h.item_id LEFT JOIN {_FOLLOWS} ON rule.item = i.status
WHERE {among("orders", "h.order_id")} AND (o.id IS NULL OR h.status <> rule.hold)
UNION ALL
SELECT i.id FROM orders_orderitem i JOIN orders_order o ON o.id = i.order_id LEFT JOIN {_MAY_BE}
    ON rule.status = o.status AND rule.item = i.status AND rule.version = i.version::text
WHERE {among("orders", "o.id")} AND rule.item IS NULL
UNION ALL
SELECT i.id FROM orders_order o JOIN orders_orderitem i ON i.order_id = o.id
WHERE {among("orders", "o.id")} AND o.status = '{OrderStatus.CANCELLED}' AND (i.status = '{ItemStatus.CANCELLED}')
    = EXISTS (SELECT FROM orders_orderevent e WHERE e.order_id = o.id AND e.to_status = '{OrderStatus.PAID}')
"""

_STATUS_IS_THE_FOLD_OF_THE_EVENTS = f"""
WITH e AS (
    SELECT order_id, sequence, from_status, to_status, change,
           lag(to_status) OVER moves AS came_from, row_number() OVER moves AS place
    FROM orders_orderevent WHERE {among("orders", "order_id")} WINDOW moves AS (PARTITION BY order_id ORDER BY sequence)
)
SELECT o.id FROM orders_order o LEFT JOIN LATERAL (
    SELECT to_status, sequence FROM orders_orderevent x WHERE x.order_id = o.id ORDER BY sequence DESC LIMIT 1
) last ON true
WHERE {among("orders", "o.id")} AND (last.to_status, last.sequence) IS DISTINCT FROM (o.status, o.version)
UNION ALL
SELECT order_id FROM e LEFT JOIN {table(ORDER.edges(), "origin", "target")}
    ON rule.origin IS NOT DISTINCT FROM e.from_status AND rule.target = e.to_status
WHERE e.sequence <> e.place OR e.from_status IS DISTINCT FROM e.came_from
   OR CASE e.change WHEN '' THEN rule.target IS NULL ELSE e.from_status IS DISTINCT FROM e.to_status END
"""

# The sweep needs a moment. Not narrowed by scope: an index knows the few that are due.
_NOTHING_OVERDUE = f"""
SELECT id FROM orders_order
WHERE status = '{OrderStatus.PROPOSED}' AND expires_at < %(as_of)s::timestamptz - interval '10 seconds'
"""

_DEADLINES_WERE_KEPT = f"""
SELECT o.id FROM orders_order o JOIN orders_orderevent e ON e.order_id = o.id
WHERE {among("orders", "o.id")} AND e.to_status = '{OrderStatus.EXPIRED}' AND e.at < o.expires_at
UNION ALL
SELECT o.id FROM orders_order o JOIN payments_payment p ON p.order_id = o.id
WHERE {among("orders", "o.id")} AND p.created_at >= o.expires_at
"""

_DOCUMENTS_ARE_THERE = f"""
SELECT o.id FROM orders_order o JOIN orders_passenger p ON p.order_id = o.id
LEFT JOIN orders_document d ON d.passenger_id = p.id AND d.order_id = o.id AND d.type = '{DocumentType.BOARDING}'
    AND d.voided_at IS NULL
WHERE {among("orders", "o.id")} GROUP BY o.id, p.id
HAVING count(d.id) <> CASE WHEN o.status IN {_ISSUED} THEN
    ceil((SELECT sum(jsonb_array_length(slice -> 'segments')) FROM jsonb_array_elements(o.slices) slice) / {MAX_LEGS}.0)
    ELSE 0 END
UNION ALL
SELECT o.id FROM orders_order o JOIN orders_orderitem i ON i.order_id = o.id
LEFT JOIN orders_document d ON d.item_id = i.id AND d.type = '{DocumentType.VOUCHER}' AND d.voided_at IS NULL
WHERE {among("orders", "o.id")} GROUP BY o.id, i.id
HAVING count(d.id) <> (o.status IN {_ISSUED} AND i.type <> '{ProductType.FLIGHT}'
                       AND i.status = '{ItemStatus.CONFIRMED}')::int
UNION ALL
SELECT d.order_id FROM orders_document d
LEFT JOIN orders_passenger p ON p.id = d.passenger_id LEFT JOIN orders_orderitem i ON i.id = d.item_id
WHERE {among("orders", "d.order_id")}
  AND CASE d.type WHEN '{DocumentType.VOUCHER}' THEN i.order_id ELSE p.order_id END IS DISTINCT FROM d.order_id
"""

_SEATS_FOLLOW = f"""
SELECT i.id FROM orders_orderitem i LEFT JOIN catalog_seatassignment s ON s.order_id = i.order_id AND s.item_id = i.id
WHERE {among("orders", "i.order_id")} GROUP BY i.id
HAVING count(s.id) <> (i.seat <> '')::int
    OR bool_or(s.id IS NOT NULL AND (s.flight_id, s.seat, s.passenger_id, s.released_at IS NULL)
               IS DISTINCT FROM (i.flight_id, i.seat, i.passenger_id, i.status IN {_LIVE_ITEM}))
UNION ALL
SELECT s.item_id FROM catalog_seatassignment s LEFT JOIN orders_orderitem i ON i.id = s.item_id
WHERE {among("orders", "s.order_id")} AND i.order_id IS DISTINCT FROM s.order_id
"""

_EVERYBODY_TRAVELS = f"""
SELECT o.id FROM orders_order o JOIN offers_offer f ON f.id = o.offer_id
LEFT JOIN orders_passenger p ON p.order_id = o.id
WHERE {among("orders", "o.id")} GROUP BY o.id, f.id
HAVING array_agg(p.type::text ORDER BY p.position) IS DISTINCT FROM (
    SELECT array_agg(asked.passenger ->> 'type' ORDER BY asked.place)
    FROM jsonb_array_elements(f.document -> 'passengers') WITH ORDINALITY AS asked (passenger, place))
"""

# What no foreign key checks: rows that are written with their order, or with their hold.
_PARTS_BELONG = f"""
SELECT e.id FROM orders_orderevent e LEFT JOIN orders_order o ON o.id = e.order_id
WHERE {among("orders", "e.order_id")} AND o.id IS NULL
UNION ALL
SELECT p.id FROM orders_passenger p LEFT JOIN orders_order o ON o.id = p.order_id
WHERE {among("orders", "p.order_id")} AND o.id IS NULL
UNION ALL
SELECT i.id FROM orders_orderitem i LEFT JOIN orders_order o ON o.id = i.order_id
LEFT JOIN orders_passenger p ON p.id = i.passenger_id LEFT JOIN catalog_flight f ON f.id = i.flight_id
LEFT JOIN catalog_inventory v ON v.id = i.inventory_id
WHERE {among("orders", "i.order_id")}
  AND (o.id IS NULL OR p.order_id <> i.order_id OR v.flight_id <> i.flight_id
       OR (p.id, f.id, v.id) IS DISTINCT FROM (i.passenger_id, i.flight_id, i.inventory_id))
UNION ALL
SELECT j.hold_id FROM catalog_inventory_journal j LEFT JOIN catalog_hold h ON h.id = j.hold_id
WHERE {among("inventories", "j.inventory_id")} AND j.hold_id IS NOT NULL
  AND h.inventory_id IS DISTINCT FROM j.inventory_id
"""

INVARIANTS = (
    Invariant("I5", "Holds and items follow their order's status", Kind.ALWAYS, _HOLDS_FOLLOW),
    Invariant(
        "I9",
        "An order's status and version are those of its last event, in an unbroken chain of allowed moves",
        Kind.ALWAYS,
        _STATUS_IS_THE_FOLD_OF_THE_EVENTS,
    ),
    Invariant("I14a", "No order is PROPOSED more than 10 s after its deadline", Kind.QUIET, _NOTHING_OVERDUE),
    Invariant(
        "I14b",
        "No order expired before its deadline, and no payment began after it",
        Kind.ALWAYS,
        _DEADLINES_WERE_KEPT,
    ),
    Invariant(
        "I15",
        "Every passenger and every product has its documents once they are issued, and none before",
        Kind.ALWAYS,
        _DOCUMENTS_ARE_THERE,
    ),
    Invariant("I29", "A named seat is its item's, for as long as the item stands", Kind.ALWAYS, _SEATS_FOLLOW),
    Invariant("I30", "An order has the passengers that its offer was made for", Kind.ALWAYS, _EVERYBODY_TRAVELS),
    Invariant(
        "I34", "Every part of an order, and every line of a hold, is of one that is there", Kind.ALWAYS, _PARTS_BELONG
    ),
)
