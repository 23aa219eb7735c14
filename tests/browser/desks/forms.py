"""Forms that change a row, and the trace that they leave."""

from playwright.sync_api import Page, expect

from bench.screenshots.sound import settle


def save(page: Page) -> None:
    """Say why where that is asked and not yet answered, and wait for the page that says so."""
    why = page.locator("select[name=reason]")
    if why.count() and not why.input_value():
        why.select_option(index=1)
    page.locator("[name=_save]").first.click()
    expect(page.get_by_text("was changed successfully").first).to_be_visible()
    settle(page)


def refused(page: Page) -> str:
    """Save what cannot be saved; the words beside the first field that is wrong."""
    page.locator("[name=_save]").first.click()
    error = page.locator(".errors [class*='text-red'] li").first
    expect(error).to_be_visible()
    settle(page)
    return error.inner_text()
