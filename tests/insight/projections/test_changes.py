"""What each event changes, without a database."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from altis.insight.projections.changes import Add, Change, Load, RefundPart, changes_of
from altis.insight.projections.facts import Unreadable, read
from tests.insight.projections.events import NOON, Told, inventory, money, order, payment, search

DAY = NOON.date()


def _changes(told: Told) -> list[Change]:
    return changes_of(read(told.value(), topic=told.topic))


def test_a_paid_order_is_a_sale_with_its_products() -> None:
    assert _changes(order("paid", 3, came_from="PAYMENT_PENDING")) == [
        Add("standing", ("PAID",), {"orders": 1}),
        Add("standing", ("PAYMENT_PENDING",), {"orders": -1}),
        Add("orders", (DAY,), {"paid": 1}),
        Add("sales", (DAY, "USD"), {"orders": 1, "amount_minor": 29_000}),
        Add("product_sales", (DAY, "USD", "flight"), {"units": 1, "amount_minor": 20_000}),
        Add("product_sales", (DAY, "USD", "bag"), {"units": 2, "amount_minor": 9_000}),
    ]


def test_amounts_have_the_decimals_of_their_currency() -> None:
    told = order("paid", 3, total=money("5000", "JPY"), lines=[])

    assert _changes(told)[2] == Add("sales", (DAY, "JPY"), {"orders": 1, "amount_minor": 5_000})


@pytest.mark.parametrize(
    ("status", "data", "counted"),
    [
        ("proposed", {"came_from": None}, "placed"),
        ("expired", {"came_from": "PROPOSED"}, "expired"),
        ("cancelled", {"came_from": "PROPOSED", "reason": "customer_cancelled"}, "cancelled_by_customer"),
        ("cancelled", {"came_from": "PROPOSED", "reason": "fare_error"}, "cancelled_by_staff"),
        ("cancelled", {"came_from": "PAYMENT_PENDING", "reason": "gateway_declined"}, "declined"),
        ("changed", {}, "changed"),
    ],
)
def test_a_move_counts_on_its_day(status: str, data: dict[str, Any], counted: str) -> None:
    changes = _changes(order(status, 2, **data))

    assert [change for change in changes if isinstance(change, Add) and change.table == "orders"] == [
        Add("orders", (DAY,), {counted: 1})
    ]


@pytest.mark.parametrize("status", ["proposed", "payment_pending", "fulfilled", "archived"])
def test_a_move_takes_an_order_from_one_status_to_another(status: str) -> None:
    changes = _changes(order(status, 3, came_from="BEFORE"))

    assert changes == [
        Add("standing", (status.upper(),), {"orders": 1}),
        Add("standing", ("BEFORE",), {"orders": -1}),
    ]


def test_a_change_of_a_paid_order_leaves_its_status() -> None:
    assert _changes(order("changed", 5, came_from="FULFILLED")) == [Add("orders", (DAY,), {"changed": 1})]


@pytest.mark.parametrize(
    "told",
    [
        order("teleported", 5),
        payment("succeeded", 3, "pay_1"),
        search(offers=0),
        Told("altis.inventory.audited", "inv_1", 3, {}, "altis.inventory"),
    ],
    ids=lambda told: told.type,
)
def test_other_events_change_nothing(told: Told) -> None:
    assert _changes(told) == []


def test_a_refund_has_two_halves() -> None:
    of_sale = payment("refund_requested", 4, "pay_1", came_from="SUCCEEDED")
    of_late_money = payment("refund_requested", 3, "pay_2", came_from="UNKNOWN")
    back = payment("refunded", 5, "pay_1", came_from="REFUND_PENDING")

    assert _changes(of_sale) == [RefundPart("pay_1", was_sale=True)]
    assert _changes(of_late_money) == [RefundPart("pay_2", was_sale=False)]
    assert _changes(back) == [RefundPart("pay_1", day=DAY, currency="USD", amount_minor=29_000)]


def test_a_search_counts_with_its_weight_on_the_day_it_was_shown() -> None:
    told = search("accepted", shown_at="2026-11-30T23:59:00.000Z", weight="4.0000")

    assert _changes(told) == [
        Add("acceptance", (date(2026, 11, 30),), {"searches": Decimal("4.0000"), "accepted": Decimal("4.0000")})
    ]


def test_a_search_of_an_earlier_release_counts_once_on_the_day_of_its_event() -> None:
    assert _changes(search("expired")) == [Add("acceptance", (DAY,), {"searches": Decimal(1), "accepted": Decimal(0)})]


def test_an_inventory_is_told_as_it_stands_by_whatever_type() -> None:
    told = inventory(7, 12, sold=3, held=2)
    expected = Load("inv_7", "flt_1", "economy", None, 100, 2, 3, 12, NOON)

    assert _changes(told) == [expected]
    assert _changes(Told("altis.inventory.resized", "inv_7", 12, told.data, told.topic)) == [expected]


@pytest.mark.parametrize(
    "told",
    [
        order("paid", 3, total=None),
        order("paid", 3, total=money("1e999999999")),
        order("paid", 3, total=money("NaN")),
        order("paid", 3, total=money("0.001")),
        order("paid", 3, total={"amount": 2.5, "currency": "USD"}),
        order("paid", 3, lines=7),
        order("fulfilled", 4, came_from=7),
        order("paid", 3, lines=[{"type": "bag", "quantity": "2", "total": money("1.00")}]),
        order("paid", 3, lines=[{"type": None, "quantity": 2, "total": money("1.00")}]),
        inventory(1, 1, sold=-1),
        inventory(1, 1, sold=1, flight_id=None),
        search(weight=1),
        search(weight="many"),
        search(shown_at="then"),
    ],
)
def test_a_known_type_of_another_shape_is_unreadable(told: Told) -> None:
    with pytest.raises(Unreadable):
        _changes(told)
