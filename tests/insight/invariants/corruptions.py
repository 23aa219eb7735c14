"""What is planted against the invariants: SQL that spoils a consistent world, and who must notice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Corruption:
    """One way to spoil the world. `found_by`: the invariants that find it, all of them and no other."""

    found_by: str
    name: str
    sql: str
    unguarded: str = ""  # a table whose triggers, or one of whose constraints ("table.constraint"), are in the way

    def statements(self, names: Mapping[str, object]) -> Iterator[str]:
        """The statements, with the guards away meanwhile; a trigger comes back, so that its absence is not found."""
        table, _, constraint = self.unguarded.partition(".")
        if constraint:
            kind = "INDEX" if constraint in INDEXES else f"TABLE {table} DROP CONSTRAINT"
            yield f"{'DROP' if kind == 'INDEX' else 'ALTER'} {kind} {constraint}"
        elif table:
            yield f"ALTER TABLE {table} DISABLE TRIGGER USER"
        yield from (each for each in self.sql.format(**names).split(";\n") if each.strip())
        if table and not constraint:
            yield f"ALTER TABLE {table} ENABLE TRIGGER USER"


INDEXES = {"seat_sold_once", "payment_one_live_attempt", "refund_once_per_cause", "order_accepts_an_offer_once"}
JOURNAL, EVENTS, REFUNDS = "catalog_inventory_journal", "orders_orderevent", "payments_refund"


def _ledger(change: str) -> str:
    return f"UPDATE catalog_inventory SET {change} WHERE id = {{seats}}"


def _order(which: str, change: str) -> str:
    return f"UPDATE orders_order SET {change} WHERE id = '{{{which}}}'"


def _payment(which: str, change: str) -> str:
    return f"UPDATE payments_payment SET {change} WHERE order_id = '{{{which}}}'"


def _item(which: str, change: str, also: str = "position = 0") -> str:
    return f"UPDATE orders_orderitem SET {change} WHERE order_id = '{{{which}}}' AND {also}"


def _outbox(topic: str, subject: str) -> str:
    return f"FROM store_outboxevent WHERE topic = 'altis.{topic}' AND subject = '{subject}'"


INVENTORY = (
    Corruption(
        "I1 I3 I10", "oversold", _ledger("capacity = held + sold - 1"), "catalog_inventory.inventory_never_oversold"
    ),
    Corruption("I2 I3 I10", "a seat held by nobody", _ledger("held = held + 1")),
    Corruption("I2 I3 I6", "a hold of more", "UPDATE catalog_hold SET quantity = 2 WHERE order_id = '{pending}'"),
    Corruption("I3 I10", "a version without a line", _ledger("version = version + 1")),
    Corruption("I3 I10", "a capacity without a line", _ledger("capacity = capacity + 1")),
    Corruption(
        "I3",
        "a gap in the journal",
        f"UPDATE {JOURNAL} SET version = version + 100 WHERE inventory_id = {{seats}} AND version = 2",
        JOURNAL,
    ),
    Corruption(
        "I3",
        "lines that cancel each other out",
        f"""UPDATE {JOURNAL} SET d_held = d_held + CASE version WHEN 2 THEN 5 ELSE -5 END
            WHERE inventory_id = {{seats}} AND version IN (2, 3)""",
        JOURNAL,
    ),
    Corruption("I4", "a hold that counts more moves than it made", "UPDATE catalog_hold SET version = version + 1"),
    Corruption(
        "I3 I4",
        "a sale told as a hold",
        f"UPDATE {JOURNAL} SET kind = 'HOLD' WHERE kind = 'SELL' AND inventory_id = {{seats}}",
        JOURNAL,
    ),
    Corruption(
        "I5 I6", "a hold of no order", "UPDATE catalog_hold SET order_id = 'ord_x' WHERE order_id = '{pending}'"
    ),
    Corruption("I2 I4 I5", "sold, not paid", "UPDATE catalog_hold SET status = 'SOLD' WHERE order_id = '{pending}'"),
    Corruption("I5", "an item that counts more moves than it made", _item("proposed", "version = version + 1")),
    Corruption(
        "I5 I15 I29", "a cancelled item of a paid order", _item("fulfilled", "status = 'CANCELLED'", "seat = '12A'")
    ),
    Corruption("I6", "a flight without a seat", _item("pending", "units = 0")),
    Corruption(
        "I6", "a hold for another item", "UPDATE catalog_hold SET item_id = 'itm_x' WHERE order_id = '{pending}'"
    ),
    Corruption(
        "I6 I29",
        "one seat for two",
        "UPDATE catalog_seatassignment SET seat = '12A' WHERE seat = '14C'",
        "catalog_seatassignment.seat_sold_once",
    ),
    Corruption(
        "I29", "a seat let go too early", "UPDATE catalog_seatassignment SET released_at = now() WHERE seat = '12A'"
    ),
    Corruption(
        "I29", "a seat kept too long", "UPDATE catalog_seatassignment SET released_at = NULL WHERE seat = '10A'"
    ),
    Corruption(
        "I29", "another seat than the item says", "UPDATE catalog_seatassignment SET seat = '1A' WHERE seat = '14C'"
    ),
)
ORDERS = (
    Corruption("I9", "a version without an event", _order("proposed", "version = version + 1")),
    Corruption("I9", "a status without an event", _order("fulfilled", "status = 'ARCHIVED'")),
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
        "I10", "a move that was not announced", "DELETE " + _outbox("orders", "{fulfilled}") + " AND sequence = 3"
    ),
    Corruption("I10", "a decision that was not announced", "DELETE " + _outbox("offers", "{rejected}")),
    Corruption(
        "I10",
        "a sale that was not announced",
        f"""DELETE {_outbox("inventory", "inv_{seats}")} AND sequence =
        (SELECT version FROM catalog_inventory WHERE id = {{seats}})""",
    ),
    Corruption(
        "I10",
        "an announcement of nothing",
        f"""INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, error)
            SELECT 'evt_x', topic, type, subject, sequence + 9, payload, headers, error
            {_outbox("orders", "{pending}")} LIMIT 1""",
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
    Corruption("I14b", "expired before its time", _order("expired", "expires_at = expires_at + interval '1 day'")),
    Corruption("I14b", "paid after its time", _payment("fulfilled", "created_at = created_at + interval '1 day'")),
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
)
MONEY = (
    Corruption("I13", "a total that is no sum", _order("proposed", "total_minor = total_minor + 1")),
    Corruption(
        "I13", "an item of another price", _item("proposed", "total_minor = 1"), "orders_orderitem.item_total_adds_up"
    ),
    Corruption(
        "I13",
        "another price than was offered",
        """UPDATE offers_offer SET total_minor = total_minor + 1
           WHERE id = (SELECT offer_id FROM orders_order WHERE id = '{fulfilled}')""",
    ),
    Corruption("I13", "an item of another currency", _item("proposed", "currency = 'EUR'")),
    Corruption("I13 I32", "a payment of another amount", _payment("fulfilled", "amount_minor = amount_minor + 1")),
    Corruption("I16 I31 I32", "a payment for nothing", _payment("declined", "status = 'SUCCEEDED'")),
    Corruption("I16 I31 I32", "sold for nothing", _payment("fulfilled", "status = 'DECLINED'")),
    Corruption(
        "I16 I31 I32",
        "two live attempts",
        """INSERT INTO payments_payment SELECT 'pay_x', purpose, gateway, NULL, amount_minor, currency, status, version,
           decline_code, final, created_at, deadline_at, check_at, checks, order_id
           FROM payments_payment WHERE order_id = '{fulfilled}'""",
        "payments_payment.payment_one_live_attempt",
    ),
    Corruption("I17 I31 I32", "locked in without an attempt", _payment("pending", "status = 'DECLINED'")),
    Corruption("I17 I31 I32", "an attempt without the lock", _payment("declined", "status = 'CREATED'")),
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
    Corruption("I20 I31 I32", "a refund of what was not taken", _payment("refunded", "status = 'DECLINED'")),
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
    Corruption("I31", "a payment's version without an event", _payment("pending", "version = version + 1")),
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
    Corruption("I32", "an order that forgot its payment", _order("fulfilled", "payments = '[]'")),
    Corruption("I32", "an order that forgot its refund", _order("refunded", "refunds = '[]'")),
    Corruption(
        "I32",
        "an order that tells another amount",
        _order("fulfilled", "payments = jsonb_set(payments, '{{0,amount,amount}}', '\"1.00\"')"),
    ),
)
HISTORY = (
    Corruption("I27", "a trigger that sleeps", f"ALTER TABLE {EVENTS} DISABLE TRIGGER USER"),
    Corruption("I27", "a trigger that is gone", f"DROP TRIGGER {REFUNDS}_is_history ON {REFUNDS}"),
    Corruption(
        "I27",
        "a trigger that lets updates pass",
        f"""DROP TRIGGER {JOURNAL}_is_history ON {JOURNAL};
CREATE TRIGGER {JOURNAL}_is_history BEFORE DELETE ON {JOURNAL} FOR EACH ROW EXECUTE FUNCTION altis_refuse_change()""",
    ),
    Corruption("I28", "a line of nobody's", f"UPDATE {JOURNAL} SET actor = '' WHERE version = 1", JOURNAL),
    Corruption("I28", "an event of nobody's", f"UPDATE {EVENTS} SET actor = 'somebody' WHERE sequence = 1", EVENTS),
    Corruption("I28", "an event without a reason", f"UPDATE {EVENTS} SET reason = '' WHERE sequence = 1", EVENTS),
    Corruption("I10 I28", "overbooking that nobody decided", _ledger("forced_over = 5")),
    Corruption("I33", "an answer without a body", "UPDATE store_idempotencykey SET body = ''"),
    Corruption("I33", "an answer about nothing", "UPDATE store_idempotencykey SET resource = 'ord_x'"),
    Corruption(
        "I33",
        "an effect without its answer",
        """UPDATE store_idempotencykey SET status = NULL, body = '',
        resource = '{fulfilled}'""",
    ),
)
