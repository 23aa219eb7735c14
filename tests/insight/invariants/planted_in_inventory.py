"""What is planted in the inventory."""

from tests.insight.invariants.corruption import JOURNAL, Corruption, item, ledger

INVENTORY = (
    Corruption(
        "I1 I3 I10", "oversold", ledger("capacity = held + sold - 1"), "catalog_inventory.inventory_never_oversold"
    ),
    Corruption("I2 I3 I10", "a seat held by nobody", ledger("held = held + 1")),
    Corruption("I2 I3 I6", "a hold of more", "UPDATE catalog_hold SET quantity = 2 WHERE order_id = '{pending}'"),
    Corruption("I3 I10", "a version without a line", ledger("version = version + 1")),
    Corruption("I3 I10", "a capacity without a line", ledger("capacity = capacity + 1")),
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
    Corruption("I5", "an item that counts more moves than it made", item("proposed", "version = version + 1")),
    Corruption(
        "I5 I15 I29", "a cancelled item of a paid order", item("fulfilled", "status = 'CANCELLED'", "seat = '12A'")
    ),
    Corruption("I6", "a flight without a seat", item("pending", "units = 0")),
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
