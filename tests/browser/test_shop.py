"""The shop window: bought by keyboard alone, held against the clock, found again, and sound in every look."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.screenshots.browser import PATIENCE_MS
from bench.screenshots.stack import Stack
from tests.browser.desks import shop
from tests.browser.desks.keyboard import tab_to, type_into
from tests.browser.waiting import until
from tests.browser.watching import Watch

pytestmark = pytest.mark.timeout(600)
_SOON_OVER = "UPDATE orders_order SET expires_at = now() + interval '10 seconds' WHERE reference = %s"
_STATUS = "SELECT status FROM orders_order WHERE reference = %s"
_ID = "SELECT id FROM orders_order WHERE reference = %s"
_DAY = "SELECT (current_date + 14)::text"
_OVER = "UPDATE orders_order SET expires_at = now() - interval '1 second' WHERE reference = %s"


def _choose_place(page: Page, field: str, code: str) -> None:
    type_into(page, f"#{field}", code)
    expect(page.locator(f"#{field}-list [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def _type_who_travels(page: Page) -> None:
    type_into(page, "input[autocomplete=given-name]", "Bessie")
    type_into(page, "input[autocomplete=family-name]", "Coleman")
    type_into(page, "input[type=date]", "01011990")  # the same day wherever the month stands
    type_into(page, "input[type=email]", "bessie@example.com")


def test_a_trip_is_bought_by_keyboard_alone(visitor: Page, stack: Stack) -> None:
    visitor.goto("/")

    _choose_place(visitor, "origin", stack.scene.facts["origin"])
    _choose_place(visitor, "destination", stack.scene.facts["destination"])
    tab_to(visitor, "form.search button[type=submit]")
    visitor.keyboard.press("Enter")
    visitor.locator("ul.offers").wait_for()
    tab_to(visitor, "ul.offers a.button")
    visitor.keyboard.press("Enter")
    visitor.locator("input[autocomplete=given-name]").wait_for()
    _type_who_travels(visitor)
    tab_to(visitor, "form[data-once] button[type=submit]")
    visitor.keyboard.press("Enter")
    visitor.locator("form[action$='/pay']").wait_for()
    tab_to(visitor, "form[action$='/pay'] button")
    visitor.keyboard.press("Enter")
    visitor.locator(".standing.good").wait_for()
    tab_to(visitor, "a.button[href$='/documents']")
    visitor.keyboard.press("Enter")

    visitor.locator("img.barcode").first.wait_for()
    expect(visitor.get_by_text("Coleman").first).to_be_visible()
    assert visitor.locator("img.barcode").first.evaluate("image => image.complete && image.naturalWidth > 0")


def test_every_page_of_a_purchase_is_sound(visitor: Page, stack: Stack, watch: Watch) -> None:
    watch.expect(422)
    visitor.goto("/")
    visitor.locator(".somewhere").wait_for()
    assert shop.faults(visitor) == {}

    shop.search(visitor, stack.scene.facts)
    visitor.locator("details.why summary").first.click()
    assert shop.faults(visitor) == {}, "the offers"
    visitor.get_by_role("link", name="Choose").first.click()
    visitor.get_by_role("button", name="Hold these seats").click()
    assert shop.faults(visitor) == {}, "the form with its errors"
    shop.hold(visitor, stack.scene.facts)
    assert shop.faults(visitor) == {}, "the order"
    shop.pay(visitor)
    assert shop.faults(visitor) == {}, "the paid order"
    visitor.get_by_role("link", name="Show the boarding documents").click()
    visitor.locator("img.barcode").first.wait_for()
    assert shop.faults(visitor) == {}, "the documents"


def test_the_countdown_reaches_zero_and_the_page_says_what_to_do(visitor: Page, stack: Stack) -> None:
    reference = shop.hold(visitor, stack.scene.facts)
    stack.rows(_SOON_OVER, reference)
    visitor.reload()
    expect(visitor.locator("[data-over]")).to_be_hidden()
    expect(visitor.locator("form[action$='/pay']")).to_be_visible()

    expect(visitor.locator("[data-over]")).to_be_visible()

    expect(visitor.locator("[data-over]")).to_be_focused()
    expect(visitor).to_have_title("The time to pay is over · Altis")
    expect(visitor.get_by_text("Search again: there may be seats left")).to_be_visible()
    expect(visitor.locator("form[action$='/pay'], [data-countdown]")).to_have_count(0)
    assert shop.faults(visitor) == {}
    until(lambda: stack.rows(_STATUS, reference) == [("EXPIRED",)])
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("The time to pay is over")
    visitor.get_by_role("link", name="Search again").first.click()
    expect(visitor.locator("#origin")).to_have_value(stack.scene.facts["origin"])


def test_the_time_left_is_spoken_at_whole_minutes_alone(visitor: Page, stack: Stack) -> None:
    visitor.clock.install()
    shop.hold(visitor, stack.scene.facts)
    spoken, left = visitor.locator("[data-spoken]"), visitor.locator("[data-left]")
    expect(spoken).to_be_empty()

    visitor.clock.fast_forward("27:30")

    expect(left).to_have_text(re.compile(r"2:[0-3][0-9]"))
    expect(spoken).to_have_text("3 minutes left to pay")
    visitor.clock.fast_forward("00:02")
    expect(spoken).to_have_text("3 minutes left to pay")


def test_a_trip_is_bought_without_script(browser: Browser, stack: Stack, watch: Watch) -> None:
    context = browser.new_context(base_url=stack.url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watch.attend(page, stack.url)

    reference = shop.hold(page, stack.scene.facts, "Markham")
    shop.pay(page)
    page.get_by_role("link", name="Show the boarding documents").click()

    expect(page.locator("img.barcode").first).to_be_visible()
    assert stack.rows(_STATUS, reference) == [("FULFILLED",)]
    context.close()


def test_the_folded_form_suggests_airports_once_it_is_opened(visitor: Page, stack: Stack) -> None:
    shop.search(visitor, stack.scene.facts)
    assert visitor.evaluate("() => 'htmx' in window") is False

    visitor.locator("details.again summary").click()
    visitor.wait_for_function("() => 'htmx' in window")
    visitor.fill("#origin", "")
    visitor.locator("#origin").press_sequentially(stack.scene.facts["origin"])

    expect(visitor.locator("#origin-list [role=option]").first).to_be_visible()


def test_no_page_weighs_100_kB_over_the_network(visitor: Page, stack: Stack) -> None:
    scale = shop.Scale(visitor)
    order = "/orders/" + stack.rows(_ID, shop.hold(visitor, stack.scene.facts))[0][0]
    shop.pay(visitor)
    offers = "/search?adults=3&children=2&date={date}&origin={origin}&destination={destination}"
    trip = {**stack.scene.facts, "date": stack.rows(_DAY)[0][0]}

    weights = {path: scale.weigh(path) for path in ("/", "/booking", "/routes", order, f"{order}/documents")}
    weights["offers"] = scale.weigh(offers.format(**trip))
    weights["travellers"] = scale.weigh(visitor.locator(".take a").first.get_attribute("href") or "")

    assert min(weights.values()) > 10_000
    assert max(weights.values()) < 100_000, weights


def test_who_pays_too_late_is_told_and_charged_nothing(visitor: Page, stack: Stack, watch: Watch) -> None:
    watch.expect(409, 410)
    reference = shop.hold(visitor, stack.scene.facts)
    stack.rows(_OVER, reference)

    shop.pay(visitor)

    expect(visitor.get_by_role("link", name="Search again").first).to_be_visible()
    query = "SELECT count(*) FROM payments_payment p JOIN orders_order o ON o.id = p.order_id WHERE o.reference = %s"
    assert stack.rows(query, reference) == [(0,)]


def test_a_declined_card_may_be_followed_by_another(visitor: Page, stack: Stack, watch: Watch) -> None:
    watch.expect(402)
    shop.hold(visitor, stack.scene.facts)
    declined = visitor.locator("input[name=token]").evaluate_all("all => all.map(one => one.value)")

    shop.pay(visitor, next(token for token in declined if "declined" in token or "insufficient" in token))
    expect(visitor.get_by_role("alert").first).to_be_visible()
    assert shop.faults(visitor) == {}
    shop.pay(visitor)

    expect(visitor.get_by_role("link", name="Show the boarding documents")).to_be_visible()


def test_a_booking_is_found_by_reference_and_name(visitor: Page, stack: Stack, watch: Watch) -> None:
    reference = shop.hold(visitor, stack.scene.facts, family_name="Noyes")
    visitor.context.clear_cookies()

    visitor.goto("/booking")
    assert shop.faults(visitor) == {}
    visitor.fill("#reference", reference.lower())
    visitor.fill("#family_name", "NOYES")
    visitor.get_by_role("button", name="Open the booking").click()

    expect(visitor.locator(".reference b").first).to_have_text(reference)


def test_a_wrong_name_and_a_wrong_reference_are_answered_alike(visitor: Page, stack: Stack, watch: Watch) -> None:
    watch.expect(404, 422)
    answers = set()

    for reference, name in ((stack.scene.orders["priced"], "Nobody"), ("ZZZZZ2", "Nobody")):
        visitor.goto("/booking")
        visitor.fill("#reference", reference)
        visitor.fill("#family_name", name)
        visitor.get_by_role("button", name="Open the booking").click()
        settled = visitor.locator("main").inner_text()
        answers.add(settled.replace(reference, ""))

    assert len(answers) == 1


def test_an_unknown_page_says_where_to_go(visitor: Page, watch: Watch) -> None:
    watch.expect(404)

    visitor.goto("/no/such/page")

    assert shop.faults(visitor) == {}
    expect(visitor.locator("main a").first).to_be_visible()
