"""Whether a page is sound: nothing sticks out, nothing is cut off, no bare control, and what axe says."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from bench.screenshots.browser import LOOKS, Look
from bench.screenshots.sound import flaws, settle

_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# In the dark a page is built as in the light: only its colours are others.
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
_GRAVE = ("serious", "critical")
layout = flaws
_AXE = """
(options) => axe.run(document, options).then((result) => result.violations.map((violation) => ({
  id: violation.id, impact: violation.impact, help: violation.help,
  nodes: violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")}: ${node.html.slice(0, 160)}`),
})))
"""


def violations(page: Page, rules: list[str] | None = None) -> list[dict[str, Any]]:
    """What axe finds, of every impact."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": rules or _WCAG, "resultTypes": ["violations"], "preload": False}
    found: list[dict[str, Any]] = page.evaluate(_AXE, options)
    return found


def judge(page: Page, look: Look) -> list[str]:
    """Everything that is wrong with the open page, seen like this."""
    look.apply(page)
    settle(page)
    rules = _OF_COLOURS if look.theme == "dark" else None
    grave = [found for found in violations(page, rules) if found["impact"] in _GRAVE]
    return [*layout(page), *(f"axe {found['id']}: {found['help']} {found['nodes']}" for found in grave)]


def faults(page: Page) -> dict[str, list[str]]:
    """What is wrong with the open page, by look; afterwards it is seen as before."""
    found = {f"{look.width} {look.theme}": judge(page, look) for look in LOOKS}
    Look().apply(page)
    return {look: wrong for look, wrong in found.items() if wrong}
