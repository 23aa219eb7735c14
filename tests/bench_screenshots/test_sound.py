"""Each kind of flaw that a picture must not have is planted in a page, and named; what only looks like one is not."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from bench.screenshots.browser import NoChromium, chromium, find_chromium
from bench.screenshots.sound import flaws

_BOX = "border: 1px solid; width: 200px;"
_CUT = "overflow: hidden;"
_FLAWS = {
    "the page is": "<div style='width: 3000px'>wide</div>",
    r"cut off by \d+ px: div": f"<div style='{_CUT} width: 60px; white-space: nowrap'>The name of somebody</div>",
    r"cut off by \d+ px of its height: div": f"<div style='{_CUT} height: 20px; line-height: 20px'>One<br>two</div>",
    r"sticks out by \d+ px: p": "<p style='width: 60px'>ord_01m83s9hjdx7wgxxds9gbcdn5e</p>",
    r"sticks out of its box by \d+ px: input": f"<div style='{_BOX}'><input style='{_BOX} width: 260px'></div>",
    "unstyled: button": "<button>Press</button>",
}
_SOUND = (
    "<p>All is well.</p>",
    "<div style='width: 60px; overflow: auto; white-space: nowrap'>A long line that scrolls</div>",
    f"<div style='{_BOX} overflow-x: auto'><table style='width: 400px'><tr><td>Wide</td></tr></table></div>",
    "<span style='position: absolute; width: 1px; height: 1px; overflow: hidden'>For a screen reader</span>",
    f"<div style='{_BOX} padding: 20px'><div style='margin: -20px'>Edge to edge</div></div>",
)


@pytest.fixture(scope="module")
def look() -> Iterator[Callable[[str], list[str]]]:
    """Draw this in a browser, and say what is wrong with it."""
    try:
        find_chromium()
    except NoChromium as problem:
        pytest.skip(str(problem))
    with chromium() as browser:
        page: Page = browser.new_page()

        def drawn(html: str) -> list[str]:
            page.set_content(f"<html lang=en><body>{html}</body></html>")
            return flaws(page)

        yield drawn


@pytest.mark.parametrize("flaw", _FLAWS)
def test_a_flaw_is_named(look: Callable[[str], list[str]], flaw: str) -> None:
    assert [found for found in look(_FLAWS[flaw]) if re.match(flaw, found)] != []


@pytest.mark.parametrize("html", _SOUND)
def test_what_is_sound_passes(look: Callable[[str], list[str]], html: str) -> None:
    assert look(html) == []
