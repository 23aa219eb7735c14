"""Our payments against the gateway's own ledger, which stands in the temporary table `gateway_entry` beside them.

The statement is fetched before the snapshot is taken, so our books are never older than it: a capture on it has its
payment in our books. The other way round, a payment may have moved since the statement was begun (`asked_at`): while
things are in flight such a payment is left to the next run. So no allowance for clocks or for speed is needed; the one
stated delay, 60 s, is for a capture of a payment that counted as declined, until its webhook has told so.
"""

from altis.insight.invariants.invariant import Invariant, Kind, Source, among
from altis.insight.invariants.money import PAID_ORDER, UNDECIDED_PAYMENT
from orders.lifecycle import OrderChange
from payments.events import PaymentMoved
from payments.lifecycle import PaymentStatus, RefundStatus


def _moved_since(payment_id: str) -> str:
    return f"""(NOT %(quiesced)s AND EXISTS (SELECT FROM store_outboxevent x WHERE x.topic = '{PaymentMoved.topic}'
        AND x.subject = {payment_id} AND x.created_at >= %(asked_at)s::timestamptz))"""


# What staff gave back moves no payment when only a part of it went back; the order's history tells when.
_SETTLED_SINCE = f"""(NOT %(quiesced)s AND EXISTS (SELECT FROM orders_orderevent e WHERE e.order_id = p.order_id
        AND e.change = '{OrderChange.REFUNDED}' AND e.at >= %(asked_at)s::timestamptz))"""

_CAPTURES_ARE_USED = f"""
SELECT c.intent_id FROM gateway_entry c
LEFT JOIN payments_payment p ON p.id = c.payment_id
LEFT JOIN orders_order o ON o.id = p.order_id
LEFT JOIN (
    SELECT intent_id, sum(minor) AS minor FROM gateway_entry WHERE kind = 'refund' GROUP BY intent_id
) r ON r.intent_id = c.intent_id
LEFT JOIN (
    SELECT payment_id, coalesce(sum(amount_minor) FILTER (WHERE status = '{RefundStatus.SUCCEEDED}'), 0) AS minor,
           count(*) FILTER (WHERE status = '{RefundStatus.PENDING}') AS waiting
    FROM payments_refund GROUP BY payment_id
) b ON b.payment_id = p.id
WHERE c.kind = 'capture' AND (
    (p.status = '{PaymentStatus.SUCCEEDED}' AND o.status IN {PAID_ORDER} AND p.intent_id = c.intent_id
        AND coalesce(r.minor, 0) = coalesce(b.minor, 0) AND (c.minor, c.currency) = (p.amount_minor, p.currency))
    OR (NOT %(quiesced)s AND b.waiting > 0)
    OR (coalesce(r.minor, 0) = c.minor AND (p.id IS NULL OR p.status = '{PaymentStatus.REFUNDED}'))
    OR (NOT %(quiesced)s AND (p.status IN {UNDECIDED_PAYMENT} OR p.status = '{PaymentStatus.REFUND_PENDING}'))
    OR (NOT %(quiesced)s AND p.status = '{PaymentStatus.DECLINED}'
        AND c.at > %(told_at)s::timestamptz - interval '60 seconds')
    OR {_moved_since("p.id")} OR {_SETTLED_SINCE}
) IS NOT TRUE
"""

# The last part follows from the others; it is asked all the same, of everything and at rest, since it is the point.
_SUCCESS_IS_MONEY = f"""
SELECT p.id FROM payments_payment p LEFT JOIN gateway_entry c
    ON c.kind = 'capture' AND c.payment_id = p.id AND (c.minor, c.currency) = (p.amount_minor, p.currency)
WHERE p.status = '{PaymentStatus.SUCCEEDED}' AND p.gateway = %(gateway)s AND {among("orders", "p.order_id")}
  AND (%(since)s::timestamptz IS NULL OR p.created_at >= %(since)s::timestamptz)
  AND c.id IS NULL AND NOT {_moved_since("p.id")}
UNION ALL
SELECT r.id FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id LEFT JOIN gateway_entry g
    ON g.kind = 'refund' AND g.key = r.id AND (g.minor, g.currency) = (r.amount_minor, r.currency)
WHERE r.status = '{RefundStatus.SUCCEEDED}' AND p.gateway = %(gateway)s AND {among("orders", "p.order_id")}
  AND (%(since)s::timestamptz IS NULL OR r.created_at >= %(since)s::timestamptz)
  AND g.id IS NULL AND NOT {_moved_since("p.id")} AND NOT {_SETTLED_SINCE}
UNION ALL
SELECT g.id FROM gateway_entry g LEFT JOIN payments_refund r ON r.id = g.key
WHERE g.kind = 'refund' AND (
    (r.status = '{RefundStatus.SUCCEEDED}' AND (g.minor, g.currency) = (r.amount_minor, r.currency))
    OR (NOT %(quiesced)s AND r.status = '{RefundStatus.PENDING}')
) IS NOT TRUE
UNION ALL
SELECT 'kept ' || coalesce(bank.minor, 0) || ', sold ' || coalesce(books.minor, 0) || ' ' || currency FROM (
    SELECT currency, sum(CASE kind WHEN 'capture' THEN minor ELSE -minor END) AS minor FROM gateway_entry GROUP BY 1
) bank FULL JOIN (
    SELECT currency, sum(minor) AS minor FROM (
        SELECT currency, total_minor AS minor FROM orders_order WHERE status IN {PAID_ORDER}
        UNION ALL
        SELECT r.currency, -r.amount_minor FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id
        WHERE r.status = '{RefundStatus.SUCCEEDED}' AND p.status = '{PaymentStatus.SUCCEEDED}'
    ) AS sold GROUP BY 1
) books USING (currency)
WHERE %(quiesced)s AND %(orders)s::text[] IS NULL AND coalesce(bank.minor, 0) <> coalesce(books.minor, 0)
"""

INVARIANTS = (
    Invariant(
        "I18",
        "Every capture at the gateway pays for one sold order, or went back in full",
        Kind.QUIET,
        _CAPTURES_ARE_USED,
        Source.GATEWAY,
    ),
    Invariant(
        "I19",
        "Every success is captured, every refund at the gateway is ours, and what it kept is what sold orders cost",
        Kind.QUIET,
        _SUCCESS_IS_MONEY,
        Source.GATEWAY,
    ),
)
