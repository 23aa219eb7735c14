"""Lists: opened from the sidebar, searched, and left by a row's link."""

import re

from playwright.sync_api import Page, expect

from bench.screenshots.sound import settle


def open_from_sidebar(page: Page, title: str) -> None:
    """As staff do; the first page is opened when none is."""
    if "/admin/" not in page.url:
        page.goto("/admin/")
    page.locator("nav a, aside a, #nav-sidebar a").filter(
        has_text=re.compile(rf"(^|\s){re.escape(title)}(\s|$)")
    ).first.click()
    expect(page.locator("h1, h2").first).to_be_visible()
    settle(page)


def search(page: Page, words: str) -> None:
    """With the box above the list."""
    box = page.locator("#searchbar")
    box.fill(words)
    box.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    settle(page)


def rows(page: Page) -> int:
    """How many rows the list shows."""
    return page.locator("#result_list tbody tr:has(a[href*='/change/'])").count()


def open_first(page: Page) -> None:
    """The page of the first row."""
    page.locator("#result_list tbody a[href*='/change/']").first.click()
    page.wait_for_url("**/change/**")
    settle(page)


def find(page: Page, order: str) -> None:
    """The page of the one order that these words find."""
    open_from_sidebar(page, "Orders")
    search(page, order)
    assert rows(page) == 1
    open_first(page)


def row_id(page: Page) -> str:
    """The id of the row whose page is open; lists quote its underscore in their links."""
    return page.url.partition("/change/")[0].rpartition("/")[2].replace("_5F", "_")
