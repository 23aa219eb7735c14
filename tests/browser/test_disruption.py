"""A flight is cancelled, and everybody on it is looked after: rebooked to another flight, or refunded."""

import pytest
from playwright.sync_api import Page, expect

from bench.screenshots.sound import settle
from bench.screenshots.stack import Stack
from tests.browser.conftest import Desk
from tests.browser.desks.dialogs import answer, ask, buttons
from tests.browser.desks.lists import open_first, open_from_sidebar, search
from tests.browser.judging import faults

pytestmark = pytest.mark.timeout(600)
_WAIT_MS = 120_000
_ON_THE_FLIGHT = """
SELECT o.reference, o.status FROM orders_order o JOIN catalog_hold h ON h.order_id = o.id
JOIN catalog_inventory i ON i.id = h.inventory_id WHERE i.flight_id = %s AND h.status = 'SOLD' ORDER BY 1
"""


def _cancel(page: Page, flight: str) -> None:
    page.goto(f"/admin/catalog/flight/{flight}/change/")
    answer(ask(page, "Cancel flight"), reason="weather")
    expect(page.get_by_text("Done: cancel flight").first).to_be_visible()
    assert buttons(page) == [], "a cancelled flight has no commands"


def _open_work_of(page: Page, flight: str) -> None:
    open_from_sidebar(page, "Disrupted orders")
    page.locator(f"a[href*='{flight}']").filter(has_text="Rebook or refund").first.click()
    settle(page)


def test_everybody_on_a_cancelled_flight_is_rebooked(desk: Desk, stack: Stack) -> None:
    flight, agent = stack.scene.facts["flight"], desk("Customer agent")
    mine = sorted(stack.scene.orders[f"stranded_{number}"] for number in (1, 2, 3))
    _cancel(desk("Product manager"), flight)

    agent.goto("/admin/")
    _open_work_of(agent, flight)
    assert faults(agent) == {}
    agent.get_by_role("button", name="Rebook 3 orders").click()

    expect(agent.get_by_text("3 of 3 orders").first).to_be_visible(timeout=_WAIT_MS)
    expect(agent.get_by_text("Finished.").first).to_be_visible(timeout=_WAIT_MS)
    assert stack.rows(_ON_THE_FLIGHT, flight) == []
    moved = stack.rows("SELECT reference, status FROM orders_order WHERE reference = ANY(%s) ORDER BY 1", mine)
    assert moved == [(reference, "FULFILLED") for reference in mine]


def test_everybody_on_a_cancelled_flight_is_refunded(desk: Desk, stack: Stack) -> None:
    flight, agent, reference = stack.scene.facts["flight_2"], desk("Customer agent"), stack.scene.orders["sent_home"]
    _cancel(desk("Product manager"), flight)

    agent.goto("/admin/")
    _open_work_of(agent, flight)
    agent.get_by_label("All the money of these orders goes back").check()
    agent.get_by_role("button", name="Refund 1 order").click()

    expect(agent.get_by_text("Finished.").first).to_be_visible(timeout=_WAIT_MS)
    assert stack.rows("SELECT status FROM orders_order WHERE reference = %s", reference) == [("CANCELLED",)]
    refunded = stack.rows(
        "SELECT r.amount_minor = o.total_minor FROM payments_refund r JOIN payments_payment p ON p.id = r.payment_id "
        "JOIN orders_order o ON o.id = p.order_id WHERE o.reference = %s",
        reference,
    )
    assert refunded == [(True,)]
    _assert_timeline_tells(desk("Auditor"), reference)


def _assert_timeline_tells(auditor: Page, reference: str) -> None:
    """An auditor reads in the order's own timeline that staff gave it up."""
    auditor.goto("/admin/")
    open_from_sidebar(auditor, "Orders")
    search(auditor, reference)
    open_first(auditor)
    timeline = auditor.locator("#timeline").inner_text()
    assert "staff" in timeline.lower()
    assert "CANCELLED" in timeline.upper()
