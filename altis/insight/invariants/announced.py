"""The outbox: everything that happened is announced once, and published in order."""

from altis.insight.invariants.invariant import Invariant, Kind, among, table
from catalog.events import InventoryChanged
from offers.events import OfferAccepted, OfferRejected, SearchExpired
from offers.lifecycle import OfferStatus
from orders.events import EVENT_OF, EVENT_OF_CHANGE, OrderMoved

_ORDER_EVENTS = table(
    (
        *((status, "", event.type) for status, event in EVENT_OF.items()),
        *((None, change, event.type) for change, event in EVENT_OF_CHANGE.items()),
    ),
    "status",
    "change",
    "type",
)
_OFFER_EVENTS = table(
    ((OfferStatus.ACCEPTED, OfferAccepted.type), (OfferStatus.CANCELLED, OfferRejected.type)), "status", "type"
)

# A change of an inventory may cover several versions, so its last event is looked at, with the figures that it told.
_ANNOUNCED_ONCE = f"""
SELECT coalesce(e.id, x.id) FROM (
    SELECT e.id, e.sequence, e.order_id, rule.type
    FROM orders_orderevent e JOIN {_ORDER_EVENTS}
        ON rule.change = e.change AND coalesce(rule.status, e.to_status) = e.to_status
    WHERE {among("orders", "e.order_id")}
) e FULL JOIN (
    SELECT id, sequence, subject, type FROM store_outboxevent
    WHERE topic = '{OrderMoved.topic}' AND {among("orders", "subject")}
) x ON x.id = e.id AND x.sequence = e.sequence AND x.subject = e.order_id AND x.type = e.type
WHERE e.id IS NULL OR x.id IS NULL
UNION ALL
SELECT coalesce(f.id, x.subject) FROM (
    SELECT f.id, rule.type FROM offers_offer f JOIN {_OFFER_EVENTS} ON rule.status = f.status
    WHERE {among("offers", "f.id")}
) f FULL JOIN (
    SELECT subject, type FROM store_outboxevent
    WHERE topic = '{OfferAccepted.topic}' AND type <> '{SearchExpired.type}' AND {among("offers", "subject")}
) x ON x.subject = f.id AND x.type = f.type
WHERE f.id IS NULL OR x.subject IS NULL
UNION ALL
SELECT 'inv_' || i.id FROM catalog_inventory i LEFT JOIN LATERAL (
    SELECT sequence, payload FROM store_outboxevent
    WHERE topic = '{InventoryChanged.topic}' AND subject = 'inv_' || i.id ORDER BY sequence DESC LIMIT 1
) x ON true
WHERE {among("inventories", "i.id")} AND CASE
    WHEN i.version = 1 THEN x.sequence IS NOT NULL
    ELSE (x.sequence, x.payload -> 'capacity', x.payload -> 'held', x.payload -> 'sold', x.payload -> 'available')
         IS DISTINCT FROM (i.version, to_jsonb(i.capacity), to_jsonb(i.held), to_jsonb(i.sold),
                           to_jsonb(i.capacity + i.forced_over - i.sold - i.held)) END
"""

# Both of these start from what is unpublished, which a partial index knows; so neither is narrowed by scope.
_PUBLISHED_IN_ORDER = """
SELECT late.id FROM store_outboxevent early JOIN store_outboxevent late
    ON late.topic = early.topic AND late.subject = early.subject AND late.sequence > early.sequence
WHERE late.published_at IS NOT NULL AND early.published_at IS NULL AND early.parked_at IS NULL
UNION ALL
SELECT late.id FROM store_outboxevent early JOIN store_outboxevent late
    ON late.topic = early.topic AND late.subject = early.subject AND late.sequence > early.sequence
WHERE late.published_at IS NOT NULL AND early.published_at IS NULL AND early.parked_at IS NOT NULL
"""

_PUBLISHED = """
SELECT id FROM store_outboxevent WHERE published_at IS NULL AND parked_at IS NULL
    AND (%(quiesced)s OR created_at < %(as_of)s::timestamptz - interval '60 seconds')
UNION ALL
SELECT id FROM store_outboxevent WHERE published_at IS NULL AND parked_at IS NOT NULL
"""

INVARIANTS = (
    Invariant(
        "I10",
        "Each move of an order, each decided offer and each change of an inventory is announced once, as it was",
        Kind.ALWAYS,
        _ANNOUNCED_ONCE,
    ),
    Invariant(
        "I11a", "No event is published while an earlier one of its aggregate waits", Kind.ALWAYS, _PUBLISHED_IN_ORDER
    ),
    Invariant("I11b", "Every event is published after 60 s, and none is parked", Kind.QUIET, _PUBLISHED),
)
