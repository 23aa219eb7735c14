"""Which pages have their pictures taken, and the way to each."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page
from redis import Redis

from bench.screenshots.stack import Stack

# The second is of a type that there is not.
_CSV = b"""code,type,name,description,base_price,currency,applies_to,capacity_controlled,active,attributes
BAG-15,bag,"Light bag, 15 kg",,25.00,USD,journey,0,1,"{""max_weight_kg"": 15}"
BAG-99,trunk,Steamer trunk,,99.00,USD,journey,0,1,{}
"""


@dataclass(frozen=True, slots=True)
class Shot:
    """A page by the name of its picture, and how to get there."""

    name: str
    go: Callable[[Page, Stack], None]
    role: str = "Administrator"  # "" is a visitor of the shop
    part: str = ""  # what the picture begins with, as a CSS selector; the top of the page without it


def at(path: str) -> Callable[[Page, Stack], None]:
    """Straight to an address."""

    def go(page: Page, _stack: Stack) -> None:
        page.goto(path)

    return go


def first_row_of(path: str) -> Callable[[Page, Stack], None]:
    """To the first row of a list."""

    def go(page: Page, _stack: Stack) -> None:
        page.goto(path)
        page.locator("#result_list tbody a[href*='/change/']").first.click()
        page.wait_for_url("**/change/**")

    return go


def order(name: str) -> Callable[[Page, Stack], None]:
    """To an order of the scene."""

    def go(page: Page, stack: Stack) -> None:
        first_row_of(f"/admin/orders/order/?q={stack.scene.orders[name]}")(page, stack)

    return go


def flight(page: Page, stack: Stack) -> None:
    """To the flight on which several orders are booked."""
    page.goto(f"/admin/catalog/flight/{stack.scene.facts['flight']}/change/")


def _ask(page: Page, command: str) -> None:
    page.locator("a[hx-get]").filter(has_text=command).first.click()
    page.locator("#dialog form").wait_for()


def capacity_dialog(page: Page, stack: Stack) -> None:
    """To the question that is asked before a cabin has another capacity."""
    flight(page, stack)
    _ask(page, "Capacity")


def resized(page: Page, stack: Stack) -> None:
    """To the flight after its sales were closed and opened again: the journal has who and why."""
    flight(page, stack)
    for command, says in (("Close sales", "Done: close sales"), ("Reopen sales", "Done: reopen sales")):
        _ask(page, command)
        page.locator("#dialog select[name=reason]").select_option(index=1)
        page.locator("#dialog button[type=submit]").click()
        page.get_by_text(says).first.wait_for()


def dearer(page: Page, stack: Stack) -> None:
    """To a product whose price was just changed, with a reason: the audit has both prices."""
    first_row_of("/admin/catalog/product/?q=BAG-23")(page, stack)
    page.fill("input[name=base_price]", "37.00")
    page.locator("select[name=reason]").select_option(index=1)
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_text("was changed successfully").first.wait_for()


def drifted(page: Page, stack: Stack) -> None:
    """To the gate, which hides units of a cabin under a token that nobody takes away."""
    ids = stack.rows("SELECT inventory_id FROM catalog_hold ORDER BY created_at DESC LIMIT 20")
    with Redis.from_url(stack.redis_url) as store:
        key = next(key for (id,) in ids if store.exists(key := f"inv:{{{id}}}"))
        store.hset(key, "t:planted", "7|4102444800000")
    page.goto("/admin/catalog/inventory/gate/")
    page.get_by_text("Drifted inventories").wait_for()


def checked(page: Page, _stack: Stack) -> None:
    """To the dry run of a file with two rows, of which one cannot be."""
    page.goto("/admin/catalog/product/import/")
    page.set_input_files("input[name=import_file]", {"name": "bags.csv", "mimeType": "text/csv", "buffer": _CSV})
    page.locator("select[name=format]").select_option(label="csv")
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("is not a valid choice").first.wait_for()


def refund_dialog(page: Page, stack: Stack) -> None:
    """To the question that is asked before money goes back."""
    order("priced")(page, stack)
    _ask(page, "Refund")


def grounded(page: Page, stack: Stack) -> None:
    """To the work that a cancelled flight makes."""
    page.goto(f"/admin/worklists/flights/{stack.scene.facts['grounded']}/")


def offers(page: Page, stack: Stack) -> None:
    """To the offers of a search in the shop."""
    facts = stack.scene.facts
    page.goto("/")
    page.fill("#origin", facts["origin"])
    page.fill("#destination", facts["destination"])
    page.locator("form.search button[type=submit]").click()
    page.locator("ul.offers").wait_for()


def travellers(page: Page, stack: Stack) -> None:
    """To the form for who travels."""
    offers(page, stack)
    page.get_by_role("link", name="Choose").first.click()
    page.locator("input[autocomplete=given-name]").first.wait_for()


def held(page: Page, stack: Stack) -> None:
    """To an order of the shop that waits for its payment."""
    travellers(page, stack)
    page.locator("input[autocomplete=given-name]").first.fill("Amelia")
    page.locator("input[autocomplete=family-name]").first.fill("Earhart")
    page.locator("input[type=date]").first.fill("1987-07-24")
    page.locator("input[type=email]").fill("amelia@example.com")
    page.get_by_role("button", name="Hold these seats").click()
    page.locator(".reference b").first.wait_for()


def documents(page: Page, stack: Stack) -> None:
    """To the boarding documents of an order that was just paid."""
    held(page, stack)
    page.locator("form[action$='/pay'] button").click()
    page.get_by_role("link", name="Show the boarding documents").click()
    page.locator("img.barcode").first.wait_for()


SHOTS = (
    Shot("log-in", at("/admin/login/"), role=""),
    Shot("overview", at("/admin/")),
    Shot("charts", at("/admin/"), part=".dash-figure"),
    Shot("work", at("/admin/worklists/")),
    Shot("orders", at("/admin/orders/order/")),
    Shot("order", order("priced")),
    Shot("timeline", order("priced"), part="#timeline"),
    Shot("stood", order("priced"), part="#stood"),
    Shot("price", order("priced"), part="#price"),
    Shot("refund", refund_dialog),
    Shot("disrupted", at("/admin/worklists/disrupted/")),
    Shot("rebook", grounded),
    Shot("stuck", at("/admin/worklists/stuck-payments/")),
    Shot("flights", at("/admin/catalog/flight/")),
    Shot("flight", resized),
    Shot("capacity", capacity_dialog),
    Shot("inventory", at("/admin/catalog/inventory/")),
    Shot("gate", drifted),
    Shot("products", at("/admin/catalog/product/")),
    Shot("product", dearer),
    Shot("import", checked),
    Shot("bundle", first_row_of("/admin/catalog/bundle/?q=comfort")),
    Shot("schedule", first_row_of("/admin/catalog/schedule/"), role="Pricing analyst"),
    Shot("payments", at("/admin/payments/payment/")),
    Shot("users", at("/admin/accounts/user/")),
    Shot("audit", at("/admin/audit/entry/"), role="Auditor"),
    Shot("shop", at("/"), role=""),
    Shot("offers", offers, role=""),
    Shot("travellers", travellers, role=""),
    Shot("held", held, role=""),
    Shot("documents", documents, role=""),
    Shot("booking", at("/booking"), role=""),
)
