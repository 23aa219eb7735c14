"""A month of figures behind the overview's charts, which a stack of ten minutes does not have. For pictures alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.screenshots.stack import Stack

_DAYS = 29
_CURRENCY = "USD"
# Type of product, how many of it are sold with 100 orders, and its price in minor units.
_SOLD = (
    ("flight", 140, 31_000),
    ("seat", 70, 1_500),
    ("bag", 85, 3_500),
    ("meal", 40, 1_800),
    ("lounge", 12, 4_900),
    ("insurance", 18, 2_900),
)
_SALES = """
INSERT INTO insight_dailysales (day, currency, orders, amount_minor, refunds, refunded_minor)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_PRODUCTS = """
INSERT INTO insight_dailyproductsales (day, currency, product_type, units, amount_minor)
VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_ORDERS = """
INSERT INTO insight_dailyorders
    (day, placed, paid, cancelled_by_customer, cancelled_by_staff, declined, expired, changed)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
_SEARCHES = "INSERT INTO insight_dailyacceptance (day, searches, accepted) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


def invent(stack: Stack) -> None:
    """Write a month that ends yesterday into the projections: busier on Fridays and Sundays, and growing a little."""
    today = datetime.now(UTC).date()
    for back in range(1, _DAYS + 1):
        day = today - timedelta(days=back)
        wave = (7, 3, 0, 4, 12, 6, 10)[day.weekday()]
        _day(stack, day, placed=34 + wave + (_DAYS - back) // 2 + (back * 7) % 5)


def _day(stack: Stack, day: Any, *, placed: int) -> None:
    paid = placed * 82 // 100
    stack.rows(_ORDERS, day, placed, paid, placed // 20, placed % 3, placed % 4, placed // 8, paid // 12)
    stack.rows(_SEARCHES, day, placed * 9 + placed % 17, placed)
    amounts = {kind: (paid * share // 100, paid * share // 100 * price) for kind, share, price in _SOLD}
    for kind, (units, amount) in amounts.items():
        stack.rows(_PRODUCTS, day, _CURRENCY, kind, units, amount)
    whole = sum(amount for _, amount in amounts.values())
    stack.rows(_SALES, day, _CURRENCY, paid, whole, paid // 18, whole // 40)
