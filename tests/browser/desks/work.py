"""Work lists: a row, its reason, and the button that does the next thing."""

from playwright.sync_api import Locator, Page, expect

from bench.screenshots.sound import settle
from tests.browser.desks.lists import open_from_sidebar


def row(page: Page, title: str, words: str) -> Locator:
    """The row of a list that has these words, once it is there: workers may have to bring it about."""
    open_from_sidebar(page, title)
    found = page.locator("table tbody tr").filter(has_text=words).first
    for _ in range(60):
        if found.count():
            break
        page.wait_for_timeout(500)
        page.reload()
        settle(page)
    expect(found).to_be_visible()
    return found


def press(found: Locator, button: str, reason: str) -> None:
    """Choose why, and press."""
    form = found.locator("form").filter(has=found.page.get_by_role("button", name=button))
    form.locator("select[name=reason]").select_option(reason)
    form.get_by_role("button", name=button).click()
    settle(found.page)
