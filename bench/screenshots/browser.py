"""Debian's Chromium, headless, as the browser tests and the pictures use it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = (
    "--no-sandbox",  # as root there is none; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
)
_NAMES = ("chromium", "chromium-browser")
PATIENCE_MS = 60_000  # a busy machine draws slowly
Theme = Literal["light", "dark"]
WIDTHS = (1280, 768)
THEMES: tuple[Theme, ...] = ("light", "dark")
_HEIGHTS = {1280: 900, 768: 1024}

# The back-office asks for the wanted scheme only while a page is loaded.
_TELL_THE_THEME = "(dark) => { if (window.Alpine) document.documentElement.classList.toggle('dark', dark) }"


class NoChromium(Exception):
    """There is none; the message names the command that installs it."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    width: int = 1280
    theme: Theme = "light"

    def apply(self, page: Page) -> None:
        """Change an open page to it."""
        page.set_viewport_size({"width": self.width, "height": _HEIGHTS[self.width]})
        page.emulate_media(color_scheme=self.theme, reduced_motion="reduce")
        page.evaluate(_TELL_THE_THEME, self.theme == "dark")


LOOKS = tuple(Look(width, theme) for width in WIDTHS for theme in THEMES)


def find_chromium() -> str:
    """Where it is: `ALTIS_CHROMIUM`, or on the path. Raises NoChromium."""
    given = os.environ.get("ALTIS_CHROMIUM")
    found = shutil.which(given) if given else next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise NoChromium("There is no chromium: run `apt-get install -y chromium` as root, or set ALTIS_CHROMIUM.")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser, gone in the end."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def new_context(browser: Browser, url: str, look: Look | None = None, state: Any = None) -> BrowserContext:
    """A visitor of their own, without cookies but for those of `state`."""
    look = look or Look()
    context = browser.new_context(
        base_url=url,
        viewport={"width": look.width, "height": _HEIGHTS[look.width]},
        color_scheme=look.theme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def log_in(page: Page, email: str, password: str) -> None:
    """Through the form, as staff do."""
    page.goto("/admin/login/?next=/admin/")
    page.fill("input[name=username]", email)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
