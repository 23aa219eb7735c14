"""Buttons that ask a question first, and what the page says afterwards."""

from playwright.sync_api import Locator, Page, expect


def buttons(page: Page) -> list[str]:
    """The commands that a row's page offers, by their words."""
    return [_words(each) for each in page.locator("a[hx-get]:visible").all()]


def ask(page: Page, command: str) -> Locator:
    """Press a command; its dialog, open."""
    page.locator("a[hx-get]").filter(has_text=command).first.click()
    dialog = page.locator("#dialog")
    expect(dialog.locator("form")).to_be_visible()
    return dialog


def answer(dialog: Locator, **answers: str) -> None:
    """Choose or fill in each field by its name, and send; "" takes the first choice that there is."""
    for name, value in answers.items():
        field = dialog.locator(f"[name={name}]")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value or _first_choice(field))
        else:
            field.fill(value)
    dialog.locator("button[type=submit]").click()


def _first_choice(field: Locator) -> str:
    values: list[str] = field.locator("option").evaluate_all("all => all.map(one => one.value)")
    return next(value for value in values if value)


def do(page: Page, command: str, says: str, **answers: str) -> None:
    """Press, answer, and wait for the words that tell how it went."""
    answer(ask(page, command), **answers)
    expect(page.get_by_text(says).first).to_be_visible()


def _words(link: Locator) -> str:
    # The sign before the words is a ligature of the icon font: a text of its own.
    signs = [sign.inner_text().strip() for sign in link.locator(".material-symbols-outlined").all()]
    words = link.inner_text().strip()
    for sign in signs:
        words = words.removeprefix(sign).strip()
    return words
