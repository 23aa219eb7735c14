"""Money in our own books: what orders cost, what was paid, what goes back."""

from altis.insight.invariants.invariant import Invariant, Kind, among, any_of, payment_among, table
from orders.lifecycle import ItemStatus, OrderStatus
from payments.events import PaymentMoved
from payments.lifecycle import LIVE, PAYMENT, UNDECIDED, PaymentStatus, RefundStatus
from payments.models import GOODWILL, SALE
from payments.services.webhook import KNOWN_TYPES, NOT_UNDERSTOOD

PAID_ORDER = any_of((OrderStatus.PAID, OrderStatus.FULFILLED, OrderStatus.ARCHIVED))
UNDECIDED_PAYMENT = any_of(UNDECIDED)
_GOING_BACK = any_of((PaymentStatus.REFUND_PENDING, PaymentStatus.REFUNDED))
_CAPTURED = any_of((PaymentStatus.SUCCEEDED, PaymentStatus.REFUND_PENDING, PaymentStatus.REFUNDED))
_WEBHOOK_REASONS = any_of(kind.replace(".", "_") for kind in sorted(KNOWN_TYPES))

# Another item has taken the place of an exchanged one, for the same money.
_STANDS = f"i.status <> '{ItemStatus.EXCHANGED}'"
_ENDS_IT = f"left(r.cause, {len(GOODWILL)}) <> '{GOODWILL}'"

# What was chosen on top of the offer is priced beside it; the rest costs what was offered.
_AMOUNTS_AGREE = f"""
SELECT o.id FROM orders_order o LEFT JOIN orders_orderitem i ON i.order_id = o.id
LEFT JOIN offers_offer f ON f.id = o.offer_id
WHERE {among("orders", "o.id")} GROUP BY o.id, f.id
HAVING coalesce(sum(i.total_minor) FILTER (WHERE {_STANDS}), -1) <> o.total_minor OR bool_or(i.currency <> o.currency)
    OR (coalesce(sum(i.total_minor) FILTER (WHERE i.offered AND {_STANDS}), -1), o.currency)
        <> (f.total_minor, f.currency)
UNION ALL
SELECT p.id FROM payments_payment p JOIN orders_order o ON o.id = p.order_id
WHERE {among("orders", "o.id")} AND p.purpose = '{SALE}'
  AND (p.amount_minor, p.currency) <> (o.total_minor, o.currency)
"""

_PAID_BY_ONE_PAYMENT = f"""
SELECT p.order_id FROM payments_payment p WHERE {among("orders", "p.order_id")} AND p.status IN {any_of(LIVE)}
GROUP BY p.order_id, p.purpose HAVING count(*) > 1
UNION ALL
SELECT o.id FROM orders_order o LEFT JOIN payments_payment p
    ON p.order_id = o.id AND p.purpose = '{SALE}' AND p.status = '{PaymentStatus.SUCCEEDED}'
WHERE {among("orders", "o.id")} GROUP BY o.id HAVING count(p.id) <> (o.status IN {PAID_ORDER})::int
"""

_LOCKED_IN_BY_ONE_ATTEMPT = f"""
SELECT o.id FROM orders_order o LEFT JOIN payments_payment p
    ON p.order_id = o.id AND p.purpose = '{SALE}' AND p.status IN {UNDECIDED_PAYMENT}
WHERE {among("orders", "o.id")} GROUP BY o.id
HAVING count(p.id) <> (o.status = '{OrderStatus.PAYMENT_PENDING}')::int
"""

# A refund that was refused may be sent again, so it is owed after every second move.
_REFUNDS_ARE_OWED = f"""
SELECT p.id FROM payments_payment p LEFT JOIN payments_refund r ON r.payment_id = p.id
WHERE {among("orders", "p.order_id")} GROUP BY p.id
HAVING coalesce(sum(r.amount_minor) FILTER (WHERE r.status <> '{RefundStatus.FAILED}'), 0) > p.amount_minor
    OR bool_or(r.currency <> p.currency)
    OR count(r.id) <> count(DISTINCT r.cause)
    OR (count(r.id) FILTER (WHERE {_ENDS_IT}) > 0) <> (p.status IN {_GOING_BACK})
    OR (count(*) FILTER (WHERE r.status = '{RefundStatus.SUCCEEDED}' AND {_ENDS_IT}) > 0)
        <> (p.status = '{PaymentStatus.REFUNDED}')
    OR (count(r.id) > 0 AND p.status NOT IN {_CAPTURED})
    OR bool_or(r.version %% 2 <> (r.status = '{RefundStatus.PENDING}')::int)
"""

# Not narrowed by scope: an index knows the few that are undecided.
_EVERY_PAYMENT_ENDS = f"""
SELECT id FROM payments_payment
WHERE status IN {UNDECIDED_PAYMENT} AND deadline_at < %(as_of)s::timestamptz - interval '60 seconds'
"""

# A receipt that was applied has moved its payment, and every move that a webhook made has its receipt.
_WEBHOOKS_COUNT_ONCE = f"""
SELECT event_id FROM payments_webhookreceipt WHERE {payment_among("payment_id")} GROUP BY event_id HAVING count(*) > 1
UNION ALL
SELECT event_id FROM payments_webhookreceipt
WHERE {payment_among("payment_id")} AND outcome NOT IN ('applied', 'refunded', 'ignored', '{NOT_UNDERSTOOD}')
UNION ALL
SELECT coalesce(heard.payment_id, done.subject) FROM (
    SELECT payment_id, replace(type, '.', '_') AS reason, count(*) AS times FROM payments_webhookreceipt
    WHERE outcome IN ('applied', 'refunded') AND {payment_among("payment_id")} GROUP BY 1, 2
) heard FULL JOIN (
    SELECT x.subject, x.payload ->> 'reason' AS reason, count(*) AS times
    FROM payments_payment p JOIN store_outboxevent x ON x.topic = '{PaymentMoved.topic}' AND x.subject = p.id
    WHERE {among("orders", "p.order_id")} AND x.payload ->> 'reason' IN {_WEBHOOK_REASONS} GROUP BY 1, 2
) done ON done.subject = heard.payment_id AND done.reason = heard.reason AND done.times = heard.times
WHERE heard.payment_id IS NULL OR done.subject IS NULL
"""

_PAYMENTS_ARE_THE_FOLD_OF_THEIR_EVENTS = f"""
WITH e AS (
    SELECT x.subject, x.sequence, x.payload ->> 'came_from' AS origin, x.payload ->> 'status' AS target,
           lag(x.payload ->> 'status') OVER moves AS came_from, row_number() OVER moves AS place,
           row_number() OVER (PARTITION BY x.subject ORDER BY x.sequence DESC) AS from_the_end
    FROM payments_payment p JOIN store_outboxevent x ON x.topic = '{PaymentMoved.topic}' AND x.subject = p.id
    WHERE {among("orders", "p.order_id")} WINDOW moves AS (PARTITION BY x.subject ORDER BY x.sequence)
)
SELECT p.id FROM payments_payment p LEFT JOIN e ON e.subject = p.id AND e.from_the_end = 1
WHERE {among("orders", "p.order_id")} AND (e.target, e.sequence) IS DISTINCT FROM (p.status, p.version)
UNION ALL
SELECT e.subject FROM e LEFT JOIN {table(PAYMENT.edges(), "origin", "target")}
    ON rule.origin IS NOT DISTINCT FROM e.origin AND rule.target = e.target
WHERE e.sequence <> e.place OR e.origin IS DISTINCT FROM e.came_from OR rule.target IS NULL
"""


def _told(column: str, rows: str, order: str) -> str:
    """What the orders say of their payments or refunds against the rows themselves."""
    return f"""
SELECT coalesce(told.order_id, kept.order_id) FROM (
    SELECT o.id AS order_id, fact ->> 'id' AS id, fact ->> 'status' AS status,
           ltrim(replace(fact -> 'amount' ->> 'amount', '.', ''), '0') AS minor,
           fact -> 'amount' ->> 'currency' AS currency
    FROM orders_order o CROSS JOIN jsonb_array_elements(o.{column}) AS fact WHERE {among("orders", "o.id")}
) told FULL JOIN (
    SELECT {order} AS order_id, mine.id::text AS id, mine.status::text AS status,
           ltrim(mine.amount_minor::text, '0') AS minor, mine.currency::text AS currency
    FROM {rows} WHERE {among("orders", order)}
) kept ON kept.order_id = told.order_id AND kept.id = told.id AND kept.minor = told.minor
      AND kept.currency = told.currency
      AND CASE kept.status WHEN '{PaymentStatus.SUBMITTED}' THEN '{PaymentStatus.CREATED}' ELSE kept.status END
        = CASE told.status WHEN '{PaymentStatus.SUBMITTED}' THEN '{PaymentStatus.CREATED}' ELSE told.status END
WHERE told.order_id IS NULL OR kept.order_id IS NULL
"""


_ORDERS_TELL_THE_TRUTH = (
    _told("payments", "payments_payment mine", "mine.order_id")
    + "UNION ALL"
    + _told("refunds", "payments_refund mine JOIN payments_payment p ON p.id = mine.payment_id", "p.order_id")
)

INVARIANTS = (
    Invariant(
        "I13",
        "Items add up to the order, what was offered to the offer, and every payment is the order's total",
        Kind.ALWAYS,
        _AMOUNTS_AGREE,
    ),
    Invariant("I16", "At most one live payment; paid is exactly one that succeeded", Kind.ALWAYS, _PAID_BY_ONE_PAYMENT),
    Invariant("I17", "Locked in is exactly one undecided payment", Kind.ALWAYS, _LOCKED_IN_BY_ONE_ATTEMPT),
    Invariant(
        "I20",
        "Refunds never exceed the payment, one per cause, and exist exactly for money that goes back",
        Kind.ALWAYS,
        _REFUNDS_ARE_OWED,
    ),
    Invariant("I21", "No payment is undecided more than 60 s after its deadline", Kind.QUIET, _EVERY_PAYMENT_ENDS),
    Invariant("I22", "A webhook event has one receipt and one effect", Kind.ALWAYS, _WEBHOOKS_COUNT_ONCE),
    Invariant(
        "I31",
        "A payment's status and version are those of its last event, in an unbroken chain of allowed moves",
        Kind.ALWAYS,
        _PAYMENTS_ARE_THE_FOLD_OF_THEIR_EVENTS,
    ),
    Invariant(
        "I32", "What an order says of its payments and refunds is what they are", Kind.ALWAYS, _ORDERS_TELL_THE_TRUTH
    ),
)
