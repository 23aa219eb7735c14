"""The lives of orders and items are those of the contract."""

import pytest

from orders.lifecycle import ITEM, ITEMS_OF, ORDER, ItemStatus, OrderStatus, available_actions, item_after

EDGES = """
    - PROPOSED
    PROPOSED PAYMENT_PENDING
    PROPOSED EXPIRED
    PROPOSED CANCELLED
    PAYMENT_PENDING PAID
    PAYMENT_PENDING PROPOSED
    PAYMENT_PENDING CANCELLED
    PAID FULFILLED
    PAID CANCELLED
    FULFILLED ARCHIVED
    FULFILLED CANCELLED
"""


def test_an_order_moves_along_the_contracts_arrows_and_no_others() -> None:
    allowed = {tuple(line.split()) for line in EDGES.strip().splitlines()}

    assert {(status or "-", to) for status, to in ORDER.edges()} == allowed


def test_a_final_status_is_never_left() -> None:
    final = {status for status in OrderStatus if ORDER.is_final(status)}

    assert final == {OrderStatus.ARCHIVED, OrderStatus.EXPIRED, OrderStatus.CANCELLED}


def test_the_items_of_an_order_move_as_the_order_does() -> None:
    assert set(ITEMS_OF) == set(OrderStatus)
    for status, to in ORDER.edges():
        before, after = ITEMS_OF[status] if status else None, ITEMS_OF[to]
        if before != after:
            ITEM.check(before, after)


def test_what_was_paid_for_and_given_up_is_refunded_and_what_is_final_stays() -> None:
    for came_from in ("PAID", "FULFILLED"):
        assert item_after("CONFIRMED", came_from=came_from, to="CANCELLED") == "REFUNDED"
    assert item_after("EXCHANGED", came_from="FULFILLED", to="CANCELLED") == "EXCHANGED"
    assert item_after("HELD", came_from="PROPOSED", to="CANCELLED") == "CANCELLED"


@pytest.mark.parametrize("status", list(OrderStatus))
def test_only_an_order_that_waits_for_its_payment_can_be_paid_or_cancelled(status: OrderStatus) -> None:
    assert available_actions(status) == (["pay", "cancel"] if status == "PROPOSED" else [])


def test_an_item_ends_cancelled_refunded_or_exchanged() -> None:
    assert {status for status in ItemStatus if ITEM.is_final(status)} == {"CANCELLED", "REFUNDED", "EXCHANGED"}
