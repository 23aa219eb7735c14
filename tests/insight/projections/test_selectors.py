"""The figures as they are read."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from altis.insight import selectors
from altis.insight.selectors import Acceptance, Load, ProductSales, Sales
from altis.shared.money import Money
from tests.insight.projections.events import BOTH, NOON, bought, inventory, order, payment, project, search
from tests.offers.market import fly, soon

pytestmark = pytest.mark.django_db(databases=BOTH)
DAY = NOON.date()


def test_sales_of_a_day_with_what_went_back() -> None:
    refund = [payment("refund_requested", 4, "pay_1", came_from="SUCCEEDED"), payment("refunded", 5, "pay_1")]
    project(*bought(), *bought(), *refund, *bought(at=NOON + timedelta(days=1)))

    [sales] = selectors.daily_sales(first=DAY, last=DAY)

    assert sales == Sales(DAY, 2, Money(58_000, "USD"), 1, Money(29_000, "USD"))
    assert sales.net == Money(29_000, "USD")
    assert len(selectors.daily_sales(first=DAY, last=DAY + timedelta(days=1))) == 2


def test_sales_by_type_of_product() -> None:
    project(*bought())

    assert selectors.daily_product_sales(first=DAY, last=DAY) == [
        ProductSales(DAY, "bag", 2, Money(9_000, "USD")),
        ProductSales(DAY, "flight", 1, Money(20_000, "USD")),
    ]


def test_loads_of_a_flight() -> None:
    lounge: dict[str, Any] = {"cabin": "", "product_id": "prd_1", "capacity": 0}
    project(inventory(1, 4, sold=33, held=2), inventory(2, 1, sold=0, **lounge), inventory(3, 1, sold=1, flight_id="x"))

    cabin, slots = selectors.loads_of_flight("flt_1")

    assert cabin == Load(100, 2, 33, "flt_1", "economy")
    assert cabin.factor == Decimal("0.3300")
    assert (slots.product_id, slots.factor) == ("prd_1", None)


def test_loads_of_a_day_count_cabins_that_nobody_has_bought() -> None:
    full, empty, later = fly("100", seats=100), fly("200", seats=50), fly("300", day=soon(11), seats=10)
    project(inventory(full.inventory.get().pk, 9, sold=90, held=5, flight_id=full.pk))

    loads = selectors.loads_of_days(first=soon(), last=soon(11))

    assert loads == [(soon(), Load(150, 5, 90)), (soon(11), Load(10, 0, 0))]
    assert [load.factor for _, load in loads] == [Decimal("0.6000"), Decimal("0.0000")]
    assert {empty.departure_date, later.departure_date} == {soon(), soon(11)}


def test_acceptance_goes_by_weight() -> None:
    project(search("accepted", weight="4.0000"), search("rejected", weight="1.0000"), search("expired"))

    [acceptance] = selectors.acceptance(first=DAY, last=DAY)

    assert acceptance == Acceptance(DAY, Decimal("6.0000"), Decimal("4.0000"))
    assert acceptance.rate == Decimal("0.6667")


def test_rates_of_orders() -> None:
    placed = [order("proposed", 1) for _ in range(2)]
    gone = [
        order("cancelled", 2, came_from="PROPOSED", reason="customer_cancelled"),
        order("cancelled", 2, came_from="PROPOSED", reason="fare_error"),
        order("expired", 2, came_from="PROPOSED"),
    ]
    project(*bought(), *bought(), *placed, *gone, order("changed", 5))

    [moves] = selectors.order_moves(first=DAY, last=DAY)

    assert (moves.placed, moves.paid, moves.declined) == (4, 2, 0)
    assert moves.payment_rate == Decimal("0.5000")
    assert moves.cancellation_rate == Decimal("0.5000")
    assert moves.expiry_rate == Decimal("0.2500")
    assert moves.change_rate == Decimal("0.5000")


def test_a_day_without_orders_has_no_rates() -> None:
    project(order("expired", 2, came_from="PROPOSED"))

    [moves] = selectors.order_moves(first=date(2026, 12, 1), last=DAY)

    assert (moves.payment_rate, moves.cancellation_rate, moves.expiry_rate, moves.change_rate) == (None,) * 4
