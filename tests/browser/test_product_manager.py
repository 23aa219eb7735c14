"""A product manager's day: a flight off sale and on again, a product whose fields follow its type, a capacity."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.screenshots.stack import Stack
from tests.browser.conftest import Desk
from tests.browser.desks.dialogs import answer, ask, buttons
from tests.browser.desks.exchange import confirm, export, try_import
from tests.browser.desks.lists import open_first, open_from_sidebar, search
from tests.browser.judging import faults

pytestmark = pytest.mark.timeout(600)
_CAPACITIES = "SELECT capacity FROM catalog_inventory WHERE flight_id = %s ORDER BY id"
_HEAD = "code,type,name,base_price,currency,applies_to,capacity_controlled,active,attributes\n"
_TUBA = 'TUBA,bag,Tuba,240.00,USD,journey,0,1,"{""max_weight_kg"": 12}"\n'


@pytest.fixture
def manager(desk: Desk) -> Page:
    page = desk("Product manager")
    page.goto("/admin/")
    return page


def _open_flight(page: Page) -> None:
    open_from_sidebar(page, "Flights")
    search(page, "LHR")
    open_first(page)


def test_a_flight_is_taken_off_sale_and_put_back(manager: Page) -> None:
    _open_flight(manager)
    assert "Close sales" in buttons(manager)

    answer(ask(manager, "Close sales"), reason="operations")
    manager.locator("a[hx-get]", has_text="Reopen sales").wait_for()
    assert "Close sales" not in buttons(manager)
    answer(ask(manager, "Reopen sales"), reason="resolved")

    manager.locator("a[hx-get]", has_text="Close sales").wait_for()


def test_every_command_of_a_flight_asks_in_a_sound_dialog(manager: Page) -> None:
    _open_flight(manager)
    address = manager.url
    commands = buttons(manager)

    for command in commands:
        manager.goto(address)
        ask(manager, command)
        assert faults(manager) == {}, command

    assert {"Capacity", "Overbooking", "Close sales", "Swap aircraft", "Cancel flight"} <= set(commands)


def _cabin_with_sold_seats(dialog: Locator) -> str:
    """The first choice of the dialog that somebody has a seat of."""
    words = dialog.locator("select[name=inventory] option").all_inner_texts()
    number = next(
        at for at, text in enumerate(words) if re.search(r"^[A-Z][a-z ]*: \d+.*, of these [1-9]\d* sold", text)
    )
    return dialog.locator("select[name=inventory] option").nth(number).get_attribute("value") or ""


def test_a_capacity_below_what_is_sold_is_refused_in_words(manager: Page, stack: Stack) -> None:
    flight = stack.scene.facts["flight_3"]
    manager.goto(f"/admin/catalog/flight/{flight}/change/")
    before = stack.rows(_CAPACITIES, flight)

    dialog = ask(manager, "Capacity")
    answer(dialog, inventory=_cabin_with_sold_seats(dialog), capacity="0", reason="correction")

    expect(manager.locator("#messages, [class*='bg-red']").get_by_text("sold").first).to_be_visible()
    assert faults(manager) == {}
    assert stack.rows(_CAPACITIES, flight) == before


def test_a_capacity_is_changed_and_stands_in_the_journal(manager: Page, stack: Stack) -> None:
    flight = stack.scene.facts["flight_3"]
    manager.goto(f"/admin/catalog/flight/{flight}/change/")

    dialog = ask(manager, "Capacity")
    answer(dialog, inventory=_cabin_with_sold_seats(dialog), capacity="61", reason="seats_blocked")

    expect(manager.get_by_text("Done: change capacity").first).to_be_visible()
    assert (61,) in stack.rows(_CAPACITIES, flight)
    expect(manager.get_by_text("seats blocked").first).to_be_visible()


def test_the_fields_of_a_product_follow_its_type(manager: Page) -> None:
    manager.goto("/admin/catalog/product/add/")
    shown = {}

    for kind in ("bag", "seat", "lounge", "meal"):
        manager.locator("select[name=type]").select_option(kind)
        names = "all => all.filter(one => one.checkVisibility()).map(one => one.name)"
        shown[kind] = manager.locator("form#product_form [name]").evaluate_all(names)

    assert len({tuple(fields) for fields in shown.values()}) > 1
    assert faults(manager) == {}


def test_products_come_from_a_table_after_a_dry_run_that_names_what_is_wrong(manager: Page) -> None:
    open_from_sidebar(manager, "Products")
    try_import(manager, f"{_HEAD}{_TUBA}TUBA-2,bag,Second tuba,lots,USD,journey,0,1,{{}}\n")
    expect(manager.get_by_text("is no amount").first).to_be_visible()
    assert faults(manager) == {}
    assert manager.get_by_role("button", name="Confirm import").count() == 0

    open_from_sidebar(manager, "Products")
    try_import(manager, _HEAD + _TUBA)
    assert faults(manager) == {}
    confirm(manager, "new_product")

    search(manager, "tuba")
    expect(manager.locator("#result_list").get_by_text("240.00 USD")).to_be_visible()
    assert "TUBA,bag,Tuba" in export(manager)


def test_a_bundle_says_what_a_customer_pays_while_it_is_put_together(manager: Page) -> None:
    manager.goto("/admin/catalog/bundle/add/")
    preview = manager.get_by_label("Preview")

    manager.fill("[name=code]", "quiet")
    manager.fill("[name=name]", "Quiet")
    manager.fill("[name=discount_percent]", "5")

    expect(preview.get_by_text("Quiet").first).to_be_visible()
    expect(preview.get_by_text("USD").first).to_be_visible()
    assert faults(manager) == {}
    manager.locator("[name=_save]").first.click()
    expect(manager.get_by_text("was added successfully").first).to_be_visible()
