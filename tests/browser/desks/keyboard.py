"""A visitor without a mouse: Tab until the wanted thing has the focus, and the focus can be seen."""

from playwright.sync_api import Page

_MOST = 120
_REACHED = "(selector) => document.activeElement !== null && document.activeElement.matches(selector)"
_SEEN = """
() => {
  const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
  const marked = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  return marked && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}
"""


def tab_to(page: Page, selector: str) -> None:
    """Forward, as far as a whole page; fails when it is never reached, or when nobody can see where the focus is."""
    for _ in range(_MOST):
        page.keyboard.press("Tab")
        if page.evaluate(_REACHED, selector):
            hidden_by_design = page.evaluate("() => document.activeElement.matches('input[type=radio]')")
            assert hidden_by_design or page.evaluate(_SEEN), f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"{selector} is not reached with Tab on {page.url}")


def type_into(page: Page, selector: str, text: str) -> None:
    """Reach a field and fill it."""
    tab_to(page, selector)
    page.keyboard.type(text)
