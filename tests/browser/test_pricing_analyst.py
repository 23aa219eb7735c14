"""A pricing analyst's day: another fare, another price for a bag, another discount with what it does to an offer."""

import pytest
from playwright.sync_api import Page, expect

from bench.screenshots.stack import Stack
from tests.browser.conftest import Desk
from tests.browser.desks.forms import refused, save
from tests.browser.desks.lists import open_first, open_from_sidebar, search
from tests.browser.judging import faults

pytestmark = pytest.mark.timeout(600)
_DISCOUNT = "SELECT discount_percent::int FROM catalog_bundle WHERE code = 'comfort'"


@pytest.fixture
def analyst(desk: Desk) -> Page:
    page = desk("Pricing analyst")
    page.goto("/admin/")
    return page


def test_a_fare_is_changed_and_nothing_else_can_be(analyst: Page) -> None:
    open_from_sidebar(analyst, "Schedules")
    open_first(analyst)
    address, fare = analyst.url, analyst.locator("input[name='fares-0-base']")

    fare.fill("217.50")
    assert analyst.locator("[name=departs_at], [name=aircraft]").count() == 0
    save(analyst)

    analyst.goto(address)
    assert float(fare.input_value()) == 217.5


def test_an_amount_that_the_currency_does_not_have_is_refused_at_its_field(analyst: Page) -> None:
    open_from_sidebar(analyst, "Products")
    search(analyst, "bag")
    open_first(analyst)
    before = analyst.locator("[name=base_price]").input_value()

    analyst.fill("[name=base_price]", "35.005")

    assert "decimals" in refused(analyst)
    assert faults(analyst) == {}
    analyst.goto(analyst.url)
    assert analyst.locator("[name=base_price]").input_value() == before


def test_a_discount_is_tried_in_the_preview_and_then_saved(analyst: Page, stack: Stack) -> None:
    open_from_sidebar(analyst, "Bundles")
    analyst.locator("#result_list a", has_text="Comfort").first.click()
    analyst.wait_for_url("**/change/**")
    preview = analyst.get_by_label("Preview")
    expect(preview.get_by_text("USD").first).to_be_visible()

    analyst.fill("[name=discount_percent]", "33")

    expect(preview.get_by_text("discount 33 %").first).to_be_visible()
    assert stack.rows(_DISCOUNT) != [(33,)], "the preview writes nothing"
    analyst.fill("[name=discount_percent]", "11")
    save(analyst)
    assert stack.rows(_DISCOUNT) == [(11,)]
