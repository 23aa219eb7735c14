"""A trip in the shop window, up to where a test begins."""

from collections.abc import Mapping

from playwright.sync_api import Page, ViewportSize

from bench.screenshots.sound import settle
from tests.browser import judging

_TELEPHONE: ViewportSize = {"width": 360, "height": 740}


class Scale:
    """What a page transfers with all that it loads, by the browser's own count, with an empty cache."""

    def __init__(self, page: Page) -> None:
        self._page, self._bytes = page, 0.0
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self._session.on("Network.loadingFinished", self._add)

    def weigh(self, path: str) -> int:
        """In bytes, headers and all."""
        self._session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self._bytes = 0.0
        self._page.goto(path, wait_until="networkidle")
        return round(self._bytes)

    def _add(self, event: Mapping[str, float]) -> None:
        self._bytes += event["encodedDataLength"]


def faults(page: Page) -> dict[str, list[str]]:
    """What is wrong with the open page, by look; a telephone is one of them."""
    found = judging.faults(page)
    before = page.viewport_size
    page.set_viewport_size(_TELEPHONE)
    grave = [one["id"] for one in judging.violations(page) if one["impact"] in ("serious", "critical")]
    narrow = [*judging.layout(page), *grave]
    if before:
        page.set_viewport_size(before)
    return {**found, "telephone": narrow} if narrow else found


def search(page: Page, facts: Mapping[str, str]) -> None:
    """One adult, one way, on the day that the form begins with."""
    page.goto("/")
    page.fill("#origin", facts["origin"])
    page.fill("#destination", facts["destination"])
    page.locator("form.search button[type=submit]").click()
    page.locator("ul.offers").wait_for()
    settle(page)


def hold(page: Page, facts: Mapping[str, str], family_name: str = "Earhart") -> str:
    """Take the first offer; the booking's reference."""
    search(page, facts)
    page.get_by_role("link", name="Choose").first.click()
    page.locator("input[autocomplete=given-name]").first.fill("Amelia")
    page.locator("input[autocomplete=family-name]").first.fill(family_name)
    page.locator("input[type=date]").first.fill("1987-07-24")
    page.locator("input[type=email]").fill("amelia@example.com")
    page.get_by_role("button", name="Hold these seats").click()
    page.locator(".reference b").first.wait_for()
    settle(page)
    return page.locator(".reference b").first.inner_text()


def pay(page: Page, token: str = "tok_visa") -> None:
    """With one of the simulator's cards."""
    page.locator(f"input[name=token][value={token}]").check(force=True)
    page.locator("form[action$='/pay'] button").click()
    settle(page)
