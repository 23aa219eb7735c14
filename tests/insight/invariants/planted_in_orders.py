"""What is planted in orders, offers and the outbox."""

from tests.insight.invariants.corruption import EVENTS, Corruption, order, outbox, payment

ORDERS = (
    Corruption("I9", "a version without an event", order("proposed", "version = version + 1")),
    Corruption("I9", "a status without an event", order("fulfilled", "status = 'ARCHIVED'")),
    Corruption(
        "I9",
        "a chain with a false link",
        f"UPDATE {EVENTS} SET from_status = 'PROPOSED' WHERE order_id = '{{fulfilled}}' AND to_status = 'PAID'",
        EVENTS,
    ),
    Corruption(
        "I9 I10",
        "a move that is not allowed",
        f"UPDATE {EVENTS} SET to_status = 'CANCELLED' WHERE order_id = '{{fulfilled}}' AND to_status = 'PAID'",
        EVENTS,
    ),
    Corruption(
        "I9 I10", "a lost event", f"DELETE FROM {EVENTS} WHERE order_id = '{{pending}}' AND sequence = 2", EVENTS
    ),
    Corruption(
        "I10", "a move that was not announced", "DELETE " + outbox("orders", "{fulfilled}") + " AND sequence = 3"
    ),
    Corruption("I10", "a decision that was not announced", "DELETE " + outbox("offers", "{rejected}")),
    Corruption(
        "I10",
        "a sale that was not announced",
        f"""DELETE {outbox("inventory", "inv_{seats}")} AND sequence =
        (SELECT version FROM catalog_inventory WHERE id = {{seats}})""",
    ),
    Corruption(
        "I10",
        "an announcement of nothing",
        f"""INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, error)
            SELECT 'evt_x', topic, type, subject, sequence + 9, payload, headers, error
            {outbox("orders", "{pending}")} LIMIT 1""",
    ),
    Corruption(
        "I10",
        "figures that were told wrongly",
        """UPDATE store_outboxevent SET payload = payload || '{{"available": 999}}'
           WHERE topic = 'altis.inventory' AND subject = 'inv_{seats}'""",
    ),
    Corruption(
        "I11a",
        "published before an earlier one",
        "UPDATE store_outboxevent SET published_at = now() WHERE subject = '{fulfilled}' AND sequence = 2",
    ),
    Corruption(
        "I11a",
        "published past a parked one",
        """UPDATE store_outboxevent SET published_at = now() WHERE subject = '{fulfilled}' AND sequence > 1;
UPDATE store_outboxevent SET parked_at = now() WHERE subject = '{fulfilled}' AND sequence = 1""",
    ),
    Corruption(
        "I10 I12",
        "an order of a rejected offer",
        """UPDATE offers_offer SET status = 'CANCELLED'
           WHERE id = (SELECT offer_id FROM orders_order WHERE id = '{pending}')""",
    ),
    Corruption(
        "I10 I12",
        "an accepted offer without an order",
        "UPDATE offers_offer SET status = 'ACCEPTED' WHERE id = '{rejected}'",
    ),
    Corruption(
        "I12",
        "an offer accepted too late",
        """UPDATE offers_offer SET decided_at = expires_at
           WHERE id = (SELECT offer_id FROM orders_order WHERE id = '{pending}')""",
    ),
    Corruption(
        "I12 I13",
        "two orders of one offer",
        """UPDATE orders_order SET offer_id = (SELECT offer_id FROM orders_order WHERE id = '{proposed}')
           WHERE id = '{pending}'""",
        "orders_order.order_accepts_an_offer_once",
    ),
    Corruption("I14b", "expired before its time", order("expired", "expires_at = expires_at + interval '1 day'")),
    Corruption("I14b", "paid after its time", payment("fulfilled", "created_at = created_at + interval '1 day'")),
    Corruption(
        "I15",
        "a passenger without a document",
        "DELETE FROM orders_document WHERE order_id = '{fulfilled}' AND type = 'boarding_document' AND position = 0",
    ),
    Corruption(
        "I15",
        "a product without its voucher",
        """DELETE FROM orders_document
           WHERE item_id = (SELECT id FROM orders_orderitem WHERE order_id = '{fulfilled}' AND seat = '12A')""",
    ),
    Corruption(
        "I15",
        "a document of an unpaid order",
        """UPDATE orders_document SET order_id = '{proposed}',
           passenger_id = (SELECT id FROM orders_passenger WHERE order_id = '{proposed}')
           WHERE order_id = '{fulfilled}' AND position = 0""",
    ),
    Corruption(
        "I30", "a passenger of another type", "UPDATE orders_passenger SET type = 'child' WHERE order_id = '{pending}'"
    ),
    Corruption(
        "I34",
        "an item on another flight",
        "UPDATE orders_orderitem SET flight_id = 'flt_x' WHERE order_id = '{pending}' AND seat = ''",
    ),
    Corruption(
        "I10 I34",
        "a move of no order",
        f"""INSERT INTO {EVENTS} (id, order_id, sequence, to_status, actor, reason, snapshot)
            SELECT 'evt_x', 'ord_x', 1, 'PROPOSED', actor, reason, snapshot FROM {EVENTS} LIMIT 1""",
    ),
)
