"""A customer agent's day: find an order, explain its price, give an unpaid one up, look at who travels for a reason."""

import pytest
from playwright.sync_api import Page, expect

from bench.screenshots.stack import Stack
from tests.browser.conftest import Desk
from tests.browser.desks.dialogs import ask, buttons, do
from tests.browser.desks.lists import find, open_from_sidebar, rows, search
from tests.browser.judging import faults

pytestmark = pytest.mark.timeout(600)
_PAYMENT_OF = "SELECT p.id FROM payments_payment p JOIN orders_order o ON o.id = p.order_id WHERE o.reference = %s"
_DOCUMENT_OF = "SELECT d.id FROM orders_document d JOIN orders_order o ON o.id = d.order_id WHERE o.reference = %s"


@pytest.fixture
def agent(desk: Desk) -> Page:
    page = desk("Customer agent")
    page.goto("/admin/")
    return page


def test_an_order_is_found_by_its_reference_and_its_price_is_explained(agent: Page, stack: Stack) -> None:
    reference = stack.scene.orders["priced"]
    find(agent, reference.lower())

    price = agent.locator("#price")
    expect(price.get_by_text("Total: all lines add up")).to_be_visible()
    assert price.locator("tbody").count() > 3
    assert agent.locator("main, #content, body").first.inner_text().count(reference) > 0
    assert "Amy" not in agent.content()


@pytest.mark.parametrize("query", [_PAYMENT_OF, _DOCUMENT_OF], ids=["payment", "document"])
def test_an_order_is_found_by_what_belongs_to_it(agent: Page, stack: Stack, query: str) -> None:
    reference = stack.scene.orders["priced"]
    ((belongs,), *_) = stack.rows(query, reference)

    open_from_sidebar(agent, "Orders")
    search(agent, belongs)

    assert rows(agent) == 1
    expect(agent.locator("#result_list").get_by_text(reference)).to_be_visible()


@pytest.mark.parametrize("words", ["traveller@demo.altis.example", "Batten"], ids=["address", "name"])
def test_orders_are_found_by_who_travels_and_names_stay_out_of_sight(agent: Page, stack: Stack, words: str) -> None:
    open_from_sidebar(agent, "Orders")
    search(agent, words)

    expect(agent.locator("#result_list").get_by_text(stack.scene.orders["priced"])).to_be_visible()
    assert "Batten" not in agent.locator("#result_list").inner_text()


def test_a_search_that_finds_nothing_says_what_can_be_searched_for(agent: Page) -> None:
    open_from_sidebar(agent, "Orders")
    agent.keyboard.press("/")
    expect(agent.locator("#searchbar")).to_be_focused()

    search(agent, "nobody@nowhere.example")

    expect(agent.get_by_role("heading", name="No order fits")).to_be_visible()
    assert faults(agent) == {}
    agent.get_by_role("link", name="Show all orders").click()
    expect(agent.locator("#result_list")).to_be_visible()


def test_filters_are_kept_under_a_name_used_again_and_deleted(agent: Page, desk: Desk) -> None:
    agent.goto("/admin/orders/order/?status__exact=CANCELLED")
    agent.get_by_text("Save these filters").click()
    agent.get_by_label("Name").fill("Given up")
    agent.get_by_role("button", name="Save", exact=True).click()
    expect(agent.get_by_text("Saved as").first).to_be_visible()
    assert faults(agent) == {}

    agent.goto("/admin/orders/order/")
    agent.get_by_role("link", name="Given up").click()
    agent.wait_for_url("**status__exact=CANCELLED**")
    colleague = desk("Finance")
    colleague.goto("/admin/orders/order/")
    assert colleague.get_by_role("link", name="Given up").count() == 0

    agent.get_by_role("button", name="Delete the saved filter Given up").click()
    expect(agent.get_by_text("is deleted").first).to_be_visible()
    assert agent.get_by_role("link", name="Given up").count() == 0


def test_an_order_is_shown_as_it_stood_and_what_has_changed_since(agent: Page, stack: Stack) -> None:
    find(agent, stack.scene.orders["priced"])

    agent.locator("#timeline").get_by_role("link", name="Just before and after").first.click()

    stood = agent.locator("#stood")
    expect(stood.get_by_role("heading", name="What is different")).to_be_visible()
    expect(stood.locator("table tbody tr").first).to_be_visible()
    assert "Status" in stood.locator("table").inner_text()


def test_a_dialog_is_left_with_escape_and_gives_the_focus_back(agent: Page, stack: Stack) -> None:
    find(agent, stack.scene.orders["proposed"])
    dialog = ask(agent, "Extend hold")
    expect(dialog.locator("select").first).to_be_focused()

    agent.keyboard.press("Escape")

    expect(agent.locator("#dialog")).to_be_hidden()
    expect(agent.locator("a[hx-get]", has_text="Extend hold")).to_be_focused()


def test_a_hold_is_extended_and_then_the_order_is_given_up(agent: Page, stack: Stack) -> None:
    reference = stack.scene.orders["proposed"]
    find(agent, reference)

    do(agent, "Extend hold", f"Order {reference}: extended.", minutes="10", reason="customer_request")
    dialog = ask(agent, "Cancel order")
    assert faults(agent) == {}
    dialog.locator("select[name=reason]").select_option("duplicate_order")
    dialog.locator("button[type=submit]").click()

    expect(agent.get_by_text(f"Order {reference}: cancelled.").first).to_be_visible()
    assert not {"Cancel order", "Extend hold"} & set(buttons(agent))
    expect(agent.locator("#timeline").get_by_text("duplicate").first).to_be_visible()


def test_a_customer_is_moved_to_another_flight_and_gets_new_documents(agent: Page, stack: Stack) -> None:
    reference = stack.scene.orders["moving"]
    documents = {id for (id,) in stack.rows(_DOCUMENT_OF, reference)}
    find(agent, reference)

    do(agent, "Rebook", f"Order {reference}: rebooked.", from_flight="", to_flight="", reason="customer_request")
    do(agent, "Re-issue documents", f"Order {reference}: re-issued.", reason="lost_documents")
    do(agent, "Resend documents", f"Order {reference}: resent.", reason="not_received")

    assert {id for (id,) in stack.rows(_DOCUMENT_OF, reference)} > documents
    expect(agent.locator("#price").get_by_text("Total: all lines add up")).to_be_visible()
    assert faults(agent) == {}


def test_who_travels_is_shown_for_a_reason_and_only_then(agent: Page, stack: Stack) -> None:
    find(agent, stack.scene.orders["stranded_3"])
    assert "Amy" not in agent.content()

    do(agent, "Reveal personal data", "Amy", reason="The customer rings about the name")

    assert "traveller@demo.altis.example" in agent.content()
    assert faults(agent) == {}
    agent.goto("/admin/orders/order/")
    assert "Amy" not in agent.content()
