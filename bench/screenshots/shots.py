"""The pictures: each page of the gallery in each look, as small files."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Response

from bench.screenshots.browser import LOOKS, Look, log_in, new_context
from bench.screenshots.gallery import SHOTS, Shot
from bench.screenshots.sound import Unsound, flaws, settle
from bench.screenshots.stack import Stack

_SHOW = "(part) => part.closest('section, .rounded-default').scrollIntoView({ block: 'start', behavior: 'instant' })"
_REFUSED = 400
_REDRAWN_MS = 400  # charts
_COLOURS = 160  # enough for flat surfaces and text; a picture is a third as large


def take(browser: Browser, stack: Stack, folder: Path, shots: Sequence[Shot] = SHOTS) -> Iterator[Path]:
    """Every picture, page by page; one log-in for each role. Raises Unsound in the end when a page is not sound."""
    states: dict[str, Any] = {}
    unsound: list[str] = []
    for shot in shots:
        if shot.role and shot.role not in states:
            states[shot.role] = _log_in(browser, stack, shot.role)
        context = new_context(browser, stack.url, state=states.get(shot.role))
        page = context.new_page()
        refused = _refusals(page)
        shot.go(page, stack)
        for look in LOOKS:
            found = _apply(page, look, shot.part)
            unsound += [f"{shot.name}, {look.width} px, {look.theme}: {flaw}" for flaw in found]
            file = folder / f"{shot.name}-{look.width}-{look.theme}.png"
            _write(page.screenshot(), file)
            yield file
        unsound += [f"{shot.name}: {reply}" for reply in refused]
        context.close()
    if unsound:
        raise Unsound("\n".join(unsound))


def _log_in(browser: Browser, stack: Stack, role: str) -> Any:
    context = new_context(browser, stack.url)
    log_in(context.new_page(), *stack.scene.accounts[role])
    state = context.storage_state()
    context.close()
    return state


def _apply(page: Page, look: Look, part: str) -> list[str]:
    """See the page like this, from this part on; what is wrong with it."""
    look.apply(page)
    page.wait_for_timeout(_REDRAWN_MS)
    settle(page)
    if part:
        page.locator(part).first.evaluate(_SHOW)
    return flaws(page)


def _refusals(page: Page) -> list[str]:
    """Where what the page asks for and does not get will stand."""
    found: list[str] = []

    def hear(reply: Response) -> None:
        if reply.status >= _REFUSED:
            found.append(f"{reply.status} for {reply.url}")

    page.on("response", hear)
    return found


def _write(picture: bytes, file: Path) -> None:
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    image.save(file, optimize=True)
