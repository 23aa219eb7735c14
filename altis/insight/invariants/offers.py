"""Offers that were decided."""

from altis.insight.invariants.invariant import Invariant, Kind, among
from offers.lifecycle import OfferStatus

# `decided_at` is the instant of the insert, which the deadline was compared with afterwards.
_ACCEPTED_ONCE_AND_IN_TIME = f"""
SELECT o.offer_id FROM orders_order o LEFT JOIN offers_offer f ON f.id = o.offer_id
WHERE {among("orders", "o.id")} AND f.status IS DISTINCT FROM '{OfferStatus.ACCEPTED}'
UNION ALL
SELECT o.offer_id FROM orders_order o WHERE {among("offers", "o.offer_id")} GROUP BY o.offer_id HAVING count(*) > 1
UNION ALL
SELECT f.id FROM offers_offer f LEFT JOIN orders_order o ON o.offer_id = f.id
WHERE {among("offers", "f.id")}
  AND (f.status = '{OfferStatus.ACCEPTED}' AND o.id IS NULL OR f.decided_at >= f.expires_at)
"""

INVARIANTS = (
    Invariant(
        "I12",
        "An offer is accepted exactly when one order came of it, and is decided before its deadline",
        Kind.ALWAYS,
        _ACCEPTED_ONCE_AND_IN_TIME,
    ),
)
