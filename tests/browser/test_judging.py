"""The judges notice what they are there for: each flaw is planted, and named."""

import pytest
from playwright.sync_api import Page

from bench.screenshots.browser import Look
from tests.browser.judging import judge
from tests.browser.watching import Watch

_SOUND = "<html lang=en><head><title>A page</title></head><body><main><h1>Flights</h1>{}</main></body></html>"
_FLAWS = {
    "the page is": "<div style='width: 3000px'>wide</div>",
    "cut off by": "<div style='width: 60px; overflow: hidden; white-space: nowrap'>A long name of something</div>",
    "unstyled": "<button>Press</button>",
    "axe image-alt": "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>",
    "axe color-contrast": "<p style='color: #bbb; background: #fff'>Hardly to be read</p>",
}


def test_a_sound_page_passes(visitor: Page) -> None:
    visitor.set_content(_SOUND.format("<p>All is well.</p>"))

    assert judge(visitor, Look()) == []


@pytest.mark.parametrize("flaw", _FLAWS)
def test_a_flaw_is_named(visitor: Page, flaw: str) -> None:
    visitor.set_content(_SOUND.format(_FLAWS[flaw]))

    assert any(found.startswith(flaw) for found in judge(visitor, Look()))


def test_errors_and_requests_to_elsewhere_are_noticed(visitor: Page, watch: Watch) -> None:
    visitor.set_content(_SOUND.format("<img src='http://127.0.0.1:9/x.png' alt=''>"))
    visitor.goto("/admin/login/")
    visitor.evaluate("() => { console.error('alas'); return fetch('/no-such-page').then(() => null) }")

    noticed = " ".join(watch.problems)
    watch.problems.clear()
    assert [part in noticed for part in ("alas", "404 for GET", "a request to somewhere else")] == [True] * 3, noticed


def test_what_cannot_be_read_in_the_dark_is_named_too(visitor: Page) -> None:
    dim = "@media (prefers-color-scheme: dark) { p { color: #333; background: #000 } }"
    visitor.set_content(_SOUND.format(f"<style>{dim}</style><p>Hardly to be read</p>"))

    assert judge(visitor, Look()) == []
    assert any(found.startswith("axe color-contrast") for found in judge(visitor, Look(theme="dark")))
