"""A finance clerk's day: from a payment to its order, money back in part and in whole, and what went wrong."""

import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from bench.screenshots.sound import settle
from bench.screenshots.stack import Stack
from tests.browser.conftest import Desk
from tests.browser.desks.dialogs import answer, ask, buttons
from tests.browser.desks.lists import find, open_first, open_from_sidebar, row_id, rows
from tests.browser.desks.work import press, row
from tests.browser.judging import faults
from tests.browser.waiting import until

pytestmark = pytest.mark.timeout(600)
_REFUNDS = """
SELECT r.status FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id
JOIN orders_order o ON o.id = p.order_id WHERE o.reference = %s
"""
_PAYMENT = "SELECT p.id FROM payments_payment p JOIN orders_order o ON o.id = p.order_id WHERE o.reference = %s"
# Somebody gave the money back at the gateway's own desk: whatever else is asked for is refused there.
_TAKEN = """
INSERT INTO refund (id, key, intent_id, amount, currency, refunded_at)
SELECT 'rfd_by_hand', 'by_hand', c.intent_id, c.amount, c.currency, c.captured_at
FROM capture c JOIN intent i ON i.id = c.intent_id WHERE i.key = ?
"""


@pytest.fixture
def clerk(desk: Desk) -> Page:
    page = desk("Finance")
    page.goto("/admin/")
    return page


def _at_the_gateway(stack: Stack, statement: str, *values: str) -> int:
    with closing(sqlite3.connect(stack.gateway_ledger, timeout=10)) as books, books:
        return books.execute(statement, values).rowcount


def test_a_payment_leads_to_its_order_and_back(clerk: Page) -> None:
    open_from_sidebar(clerk, "Payments")
    open_first(clerk)
    payment = row_id(clerk)

    clerk.locator("a[href*='/orders/order/'][href*='/change/']").first.click()
    settle(clerk)
    clerk.locator("a[href*='/payments/payment/'][href*='/change/']").first.click()
    settle(clerk)

    assert row_id(clerk) == payment


def test_part_of_the_money_goes_back_as_goodwill(clerk: Page, stack: Stack) -> None:
    reference = stack.scene.orders["goodwill"]
    find(clerk, reference)

    dialog = ask(clerk, "Refund")
    assert faults(clerk) == {}
    answer(dialog, how="part", amount="12.50", reason="goodwill")

    expect(clerk.get_by_text(f"Order {reference}: refunded in part.").first).to_be_visible()
    expect(clerk.locator("#money").get_by_text("12.50").first).to_be_visible()
    assert stack.rows("SELECT status FROM orders_order WHERE reference = %s", reference) == [("FULFILLED",)]
    until(lambda: stack.rows(_REFUNDS, reference) == [("SUCCEEDED",)])


def test_an_amount_without_the_word_part_is_asked_about_and_nothing_goes_back(clerk: Page, stack: Stack) -> None:
    reference = stack.scene.orders["refundable"]
    find(clerk, reference)

    dialog = ask(clerk, "Refund")
    answer(dialog, how="all", amount="5", reason="goodwill")

    expect(clerk.get_by_text("leave the amount empty, or choose a part").first).to_be_visible()
    assert faults(clerk) == {}
    assert stack.rows(_REFUNDS, reference) == []


def test_all_of_the_money_goes_back_and_the_order_ends(clerk: Page, stack: Stack) -> None:
    reference = stack.scene.orders["refundable"]
    find(clerk, reference)

    answer(ask(clerk, "Refund"), how="all", reason="service_not_provided")

    expect(clerk.get_by_text(f"Order {reference}: refunded.").first).to_be_visible()
    assert "Refund" not in buttons(clerk)
    until(lambda: stack.rows(_REFUNDS, reference) == [("SUCCEEDED",)])
    assert stack.rows("SELECT status FROM orders_order WHERE reference = %s", reference) == [("CANCELLED",)]


def test_a_refund_that_the_gateway_refused_is_sent_again_once_its_cause_is_gone(clerk: Page, stack: Stack) -> None:
    reference = stack.scene.orders["refused"]
    ((payment,),) = stack.rows(_PAYMENT, reference)
    assert _at_the_gateway(stack, _TAKEN, payment) == 1
    find(clerk, reference)
    answer(ask(clerk, "Refund"), how="part", amount="20", reason="flight_delayed")

    found = row(clerk, "Failed refunds", reference)
    expect(found.get_by_text("The gateway refused it")).to_be_visible()
    assert faults(clerk) == {}
    _at_the_gateway(stack, "DELETE FROM refund WHERE key = 'by_hand'")
    press(found, "Send again", "cause_removed")

    expect(clerk.get_by_text("is on its way to the gateway").first).to_be_visible()
    until(lambda: stack.rows(_REFUNDS, reference) == [("SUCCEEDED",)])
    clerk.reload()
    assert clerk.locator("table tbody tr").filter(has_text=reference).count() == 0


def test_the_gateway_is_asked_about_a_payment_in_doubt(clerk: Page, stack: Stack) -> None:
    reference = stack.scene.orders["doubtful"]
    found = row(clerk, "Stuck payments", reference)
    assert faults(clerk) == {}

    press(found, "Ask the gateway now", "customer_waits")

    expect(clerk.get_by_text("The gateway has answered").first).to_be_visible()
    assert clerk.locator("table tbody tr").filter(has_text=reference).count() == 0
    ((status,),) = stack.rows("SELECT status FROM orders_order WHERE reference = %s", reference)
    assert status != "PAYMENT_PENDING"


def test_a_webhook_of_another_shop_is_looked_into(clerk: Page) -> None:
    found = row(clerk, "Webhooks not understood", "payment.captured")

    press(found, "Looked into", "not_ours")

    expect(clerk.get_by_text("The webhook is off the list").first).to_be_visible()
    expect(clerk.get_by_text("Nothing to do").first).to_be_visible()


def test_every_work_list_of_finance_says_what_to_do(clerk: Page) -> None:
    open_from_sidebar(clerk, "Failed refunds")
    links = clerk.locator("a[href*='/admin/worklists/']").evaluate_all("all => [...new Set(all.map(one => one.href))]")

    assert len(links) >= 3
    for link in links:
        clerk.goto(link)
        settle(clerk)
        text = clerk.locator("body").inner_text()
        assert "Nothing to do" in text or rows(clerk) or clerk.locator("table tbody tr").count(), link
