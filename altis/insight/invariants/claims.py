"""Idempotency keys: an answer that is kept stands for something that exists."""

from altis.insight.invariants.invariant import Invariant, Kind

# Every operation commits its key with the answer, but for paying: that key is committed when the attempt begins, and
# answered when it ends. A crash in between leaves it open until the customer asks again, or it is a day old.
_ANSWERS_ARE_TRUE = """
SELECT k.id::text FROM store_idempotencykey k
WHERE (%(since)s::timestamptz IS NULL OR k.created_at >= %(since)s::timestamptz) AND CASE
    WHEN k.status IS NULL THEN k.body <> '' OR NOT EXISTS (SELECT FROM payments_payment p WHERE p.id = k.resource)
    ELSE k.body = '' OR NOT (EXISTS (SELECT FROM orders_order o WHERE o.id = k.resource)
                             OR EXISTS (SELECT FROM payments_payment p WHERE p.id = k.resource)
                             OR EXISTS (SELECT FROM offers_offer f WHERE f.id = k.resource)) END
"""

INVARIANTS = (
    Invariant(
        "I33",
        "A kept answer has a body and is about something that exists; only a payment's key may wait for its answer",
        Kind.ALWAYS,
        _ANSWERS_ARE_TRUE,
    ),
)
