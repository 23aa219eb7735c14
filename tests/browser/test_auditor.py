"""An auditor sees everything and can change nothing: no page offers it, and no request does it."""

import re

import pytest
from playwright.sync_api import Page, expect

from altis.accounts.roles import RIGHTS, Role
from bench.screenshots.places import walk
from bench.screenshots.stack import Stack
from tests.browser.conftest import Desk
from tests.browser.desks.dialogs import buttons
from tests.browser.desks.forms import save
from tests.browser.desks.lists import open_first, open_from_sidebar, row_id, search
from tests.browser.judging import faults

pytestmark = pytest.mark.timeout(600)
# What would change something: a form that saves, a choice of actions, a command with a dialog, a page to add or delete.
_OFFERS = re.compile(
    r'name="(_save|_continue|_addanother)"|<select name="action"|hx-post=|<a\b[^>]*\bhx-get=|href="[^"]*/(add|delete)/'
)
_TABLES = ("catalog_product", "catalog_bundle", "catalog_fare", "catalog_flight", "auth_group_permissions")
# Where the buttons of people with more rights lead to; each of us has a password, and filters under names of our own.
_BUTTONS = re.compile(r'<a\b[^>]*\bhx-get="([^"?]+)|<form\b(?=[^>]*\bmethod="post")(?:[^>]*\saction="([^"]+)")?', re.I)
_OWN = re.compile(r"/(logout|password_change|second-factor|export|filters)\b")
# Of a role: the people who have it, and what the audit says that they did.
_DONE_BY = """
SELECT count(DISTINCT m.user_id), count(e.id) FROM accounts_user_groups m JOIN auth_group g ON g.id = m.group_id
LEFT JOIN audit_entry e ON e.staff LIKE '%%' || m.user_id WHERE g.name = %s
"""
_ROLE = Role.AUDITOR.value.capitalize()


def _fingerprint(stack: Stack) -> list[object]:
    parts = [f"(SELECT sum(hashtextextended(t::text, 0)) FROM {table} t)" for table in _TABLES]
    return list(stack.rows(f"SELECT {', '.join(parts)}"))


def _writes(address: str) -> list[str]:
    """Where something about this page would be sent: to a list to add, to a row's page to change or delete it."""
    if address.endswith("/change/"):
        return [address, address.replace("/change/", "/delete/")]
    is_list = re.fullmatch(r"/admin/(?!worklists/)\w+/\w+/", address) and "_change/" not in address
    return [f"{address}add/"] if is_list else []


def _buttons(page: Page, stack: Stack) -> set[str]:
    """Where a colleague's buttons send to, on every page and on those of orders and a flight that can be worked on."""
    orders, found = stack.scene.orders, set[str]()

    def read(address: str) -> str:
        html: str = page.request.get(address).text()
        found.update(dialog or action or address for dialog, action in _BUTTONS.findall(html))
        return html

    ids = stack.rows("SELECT id FROM orders_order WHERE reference = ANY(%s)", [orders["priced"], orders["proposed"]])
    pages = [f"/admin/orders/order/{id}/change/" for (id,) in ids]
    for address in (*pages, f"/admin/catalog/flight/{stack.scene.facts['flight_3']}/change/"):
        read(address)
    list(walk(read))
    return {path for path in found if not (_OWN.search(path) or re.fullmatch(r"/admin/\w+/\w+/", path))}


def _done_by(stack: Stack, role: str) -> tuple[int, int]:
    [(people, entries)] = stack.rows(_DONE_BY, role)
    return people, entries


def _change_a_product(page: Page) -> None:
    page.goto("/admin/catalog/product/?q=bag")
    open_first(page)
    page.fill("[name=description]", "Looked at by whoever manages")
    save(page)


def _token(page: Page) -> str:
    page.goto("/admin/")
    return page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""


def test_no_page_offers_an_auditor_to_change_anything(desk: Desk) -> None:
    page = desk(_ROLE)
    offers: dict[str, str] = {}

    def read(address: str) -> str:
        html: str = page.request.get(address).text()
        if found := _OFFERS.search(html):
            offers[address] = found[0]
        return html

    addresses = [address for address in walk(read) if "password_change" not in address]

    assert offers == {}
    assert len(addresses) > 30


def test_no_request_of_an_auditor_changes_anything(desk: Desk, stack: Stack) -> None:
    page = desk(_ROLE)
    before, statuses = _fingerprint(stack), {}
    typed = {"csrfmiddlewaretoken": _token(page), "post": "yes", "_save": "Save", "name": "x", "base_price_minor": "1"}
    form: dict[str, str | float | bool] = {**typed}

    for address in list(walk(lambda address: page.request.get(address).text())):
        for path in _writes(address):
            statuses[path] = page.request.post(path, form=form, headers={"Referer": stack.url}).status

    assert set(statuses.values()) == {403}, statuses
    assert len(statuses) > 50
    assert _fingerprint(stack) == before


def test_no_button_of_a_colleague_obeys_an_auditor(desk: Desk, stack: Stack) -> None:
    buttons_of_others, page = _buttons(desk("Administrator"), stack), desk(_ROLE)
    before, token = _fingerprint(stack), _token(page)
    form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token, "reason": "correction", "inventory": "all"}

    statuses = {
        path: page.request.post(path, form=form, headers={"Referer": stack.url}).status
        for path in sorted(buttons_of_others)
    }

    assert set(statuses.values()) == {403}, statuses
    assert len(statuses) > 20
    assert _fingerprint(stack) == before
    auditors, done = _done_by(stack, _ROLE)
    assert (auditors > 0, done) == (True, 0)
    _change_a_product(desk("Product manager"))
    assert _done_by(stack, "Product manager")[1] > 0, "the same question finds who did something"


def test_an_auditor_follows_an_order_to_its_money_and_its_events(desk: Desk, stack: Stack) -> None:
    page = desk(_ROLE)
    page.goto("/admin/")

    open_from_sidebar(page, "Orders")
    search(page, stack.scene.orders["priced"])
    open_first(page)

    expect(page.get_by_text(stack.scene.orders["priced"]).first).to_be_visible()
    assert buttons(page) == []
    assert "traveller@demo.altis.example" not in page.content()
    assert faults(page) == {}
    assert not any(right.split(".")[1].startswith(("add", "change", "delete")) for right in RIGHTS[Role.AUDITOR] or ())


def test_an_auditor_reads_who_changed_what_and_why_and_takes_it_along(desk: Desk, stack: Stack) -> None:
    manager, auditor = desk("Product manager"), desk(_ROLE)
    manager.goto("/admin/catalog/product/?q=bag")
    open_first(manager)
    product = row_id(manager)
    manager.fill("[name=description]", "Checked by whoever audits")
    manager.locator("select[name=reason]").select_option("partner")
    save(manager)

    open_from_sidebar(auditor, "Audit")
    search(auditor, product)
    expect(auditor.locator("#result_list").get_by_text("partner").first).to_be_visible()
    with auditor.expect_download() as copy:
        auditor.get_by_role("link", name="Export as CSV").click()
    auditor.locator("#result_list tbody tr", has_text="partner").locator("a[href*='/change/']").first.click()

    expect(auditor.get_by_role("cell", name="Checked by whoever audits")).to_be_visible()
    assert faults(auditor) == {}
    assert "Checked by whoever audits" in copy.value.path().read_text()
