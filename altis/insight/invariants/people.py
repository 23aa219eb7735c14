"""Personal data: it can be read while its person wants it, and never again once they were erased."""

from altis.insight.invariants.invariant import Invariant, Kind, Source, among, any_of
from orders.lifecycle import OrderStatus

_UNFINISHED = any_of((OrderStatus.PROPOSED, OrderStatus.PAYMENT_PENDING, OrderStatus.PAID))

# A digest of a blind index is 64 hex digits; an unusable password begins with "!".
_THE_ERASED_STAY_ERASED = f"""
SELECT k.subject FROM privacy_subjectkey k JOIN privacy_erasurelog l ON l.subject = k.subject
UNION ALL
SELECT u.id FROM accounts_user u JOIN privacy_erasurelog l ON l.subject = u.id
WHERE u.is_active OR u.email_index ~ '^[0-9a-f]{{64}}$' OR left(u.password, 1) <> '!'
   OR EXISTS (SELECT FROM token_blacklist_outstandingtoken t WHERE t.user_id = u.id)
UNION ALL
SELECT o.id FROM orders_order o JOIN privacy_erasurelog l ON l.subject = o.owner_id
WHERE {among("orders", "o.id")} AND (o.client <> '' OR o.contact_index <> '' OR o.status IN {_UNFINISHED} OR EXISTS (
    SELECT FROM orders_passenger p JOIN privacy_subjectkey k ON k.subject = p.id WHERE p.order_id = o.id))
UNION ALL
SELECT p.id FROM orders_passenger p JOIN privacy_erasurelog l ON l.subject = p.id
WHERE {among("orders", "p.order_id")} AND p.name_index <> ''
UNION ALL
SELECT x.principal FROM store_idempotencykey x JOIN privacy_erasurelog l ON l.subject = x.principal
WHERE x.body <> ''
"""

INVARIANTS = (
    Invariant(
        "I25",
        "Every data key is wrapped under a key of the ring, and every sealed text opens or its person was erased",
        Kind.ALWAYS,
        source=Source.KEYS,
    ),
    Invariant(
        "I26",
        "Whoever was erased has no data key, address, blind index, password, log-in, kept answer or unfinished order",
        Kind.ALWAYS,
        _THE_ERASED_STAY_ERASED,
    ),
)
