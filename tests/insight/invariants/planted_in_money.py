"""What is planted in our own books of money."""

from tests.insight.invariants.corruption import REFUNDS, Corruption, item, order, payment

MONEY = (
    Corruption("I13", "a total that is no sum", order("proposed", "total_minor = total_minor + 1")),
    Corruption(
        "I13", "an item of another price", item("proposed", "total_minor = 1"), "orders_orderitem.item_total_adds_up"
    ),
    Corruption(
        "I13",
        "another price than was offered",
        """UPDATE offers_offer SET total_minor = total_minor + 1
           WHERE id = (SELECT offer_id FROM orders_order WHERE id = '{fulfilled}')""",
    ),
    Corruption("I13", "an item of another currency", item("proposed", "currency = 'EUR'")),
    Corruption("I13 I32", "a payment of another amount", payment("fulfilled", "amount_minor = amount_minor + 1")),
    Corruption("I16 I31 I32", "a payment for nothing", payment("declined", "status = 'SUCCEEDED'")),
    Corruption("I16 I31 I32", "sold for nothing", payment("fulfilled", "status = 'DECLINED'")),
    Corruption(
        "I16 I31 I32",
        "two live attempts",
        """INSERT INTO payments_payment SELECT 'pay_x', purpose, gateway, NULL, amount_minor, currency, status, version,
           decline_code, final, created_at, deadline_at, check_at, checks, order_id
           FROM payments_payment WHERE order_id = '{fulfilled}'""",
        "payments_payment.payment_one_live_attempt",
    ),
    Corruption("I17 I31 I32", "locked in without an attempt", payment("pending", "status = 'DECLINED'")),
    Corruption("I17 I31 I32", "an attempt without the lock", payment("declined", "status = 'CREATED'")),
    Corruption("I20 I32", "a refund of more", f"UPDATE {REFUNDS} SET amount_minor = amount_minor + 1"),
    Corruption("I20", "a refund that counts more moves than it made", f"UPDATE {REFUNDS} SET version = version + 1"),
    Corruption("I20 I32", "a refund that vanished", f"DELETE FROM {REFUNDS}", REFUNDS),
    Corruption(
        "I20 I32",
        "two refunds for one cause",
        f"""INSERT INTO {REFUNDS} (id, payment_id, cause, amount_minor, currency, status, version, gateway_refund_id,
            attempt_at, attempts) SELECT 'ref_x', payment_id, cause, 0, currency, 'PENDING', 1, '', now(), 0
            FROM {REFUNDS}""",
        "payments_refund.refund_once_per_cause",
    ),
    Corruption("I20 I31 I32", "a refund of what was not taken", payment("refunded", "status = 'DECLINED'")),
    Corruption(
        "I22", "an effect without a receipt", "DELETE FROM payments_webhookreceipt WHERE type = 'payment.captured'"
    ),
    Corruption(
        "I22",
        "a receipt without an effect",
        """INSERT INTO payments_webhookreceipt
        (event_id, gateway, type, payment_id, outcome) SELECT 'evt_x', gateway, type, payment_id, outcome
        FROM payments_webhookreceipt WHERE type = 'payment.captured'""",
    ),
    Corruption(
        "I22",
        "a receipt that was not worked off",
        """INSERT INTO payments_webhookreceipt
        (event_id, gateway, type, payment_id, outcome) SELECT 'evt_x', gateway, type, payment_id, ''
        FROM payments_webhookreceipt WHERE type = 'payment.captured'""",
    ),
    Corruption("I31", "a payment's version without an event", payment("pending", "version = version + 1")),
    Corruption(
        "I31",
        "a payment's move that was not announced",
        """DELETE FROM store_outboxevent
        WHERE topic = 'altis.payments' AND payload ->> 'order_id' = '{pending}' AND sequence = 1""",
    ),
    Corruption(
        "I31",
        "a payment's move that is not allowed",
        """UPDATE store_outboxevent
        SET payload = payload || '{{"came_from": "REFUNDED"}}'
        WHERE topic = 'altis.payments' AND payload ->> 'order_id' = '{pending}' AND sequence = 2""",
    ),
    Corruption("I32", "an order that forgot its payment", order("fulfilled", "payments = '[]'")),
    Corruption("I32", "an order that forgot its refund", order("refunded", "refunds = '[]'")),
    Corruption(
        "I32",
        "an order that tells another amount",
        order("fulfilled", "payments = jsonb_set(payments, '{{0,amount,amount}}', '\"1.00\"')"),
    ),
)
