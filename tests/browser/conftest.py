"""One stack and one browser for the whole run, a visitor for each test, and pictures of what fails."""

import contextlib
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from bench.screenshots.browser import PATIENCE_MS, NoChromium, chromium, find_chromium, log_in, new_context
from bench.screenshots.stack import Stack
from tests.browser.watching import Watch

FAILURES = Path("build/browser")
expect.set_options(timeout=PATIENCE_MS)
Desk = Callable[[str], Page]


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """A browser is started only by who asks for this folder: `make test` does not."""
    return None if any("browser" in Path(arg).parts for arg in config.args) else True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Let fixtures know how the test went, and say where the pictures are."""
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
        if report.failed:
            report.sections.append(("Pictures", f"{FAILURES}/{_slug(item.name)}-*.png"))
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """Nothing of Django's is used in this process: the stack's own processes do the work."""


@pytest.fixture(autouse=True)
def _no_limits() -> None:
    """Set for the stack by its environment."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        find_chromium()
    except NoChromium as problem:
        pytest.fail(str(problem), pytrace=False)
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Stack() as running:
        yield running


@pytest.fixture(scope="session")
def _sessions() -> dict[str, Any]:
    """The cookies of each role, so that each logs in once."""
    return {}


@pytest.fixture
def watch() -> Watch:
    """What has gone wrong on the pages of this test; it must be nothing in the end."""
    return Watch()


@pytest.fixture
def _contexts(request: pytest.FixtureRequest, watch: Watch) -> Iterator[list[BrowserContext]]:
    contexts: list[BrowserContext] = []
    yield contexts
    failed = request.node.stash.get(_FAILED, False)
    for number, context in enumerate(contexts):
        if failed or watch.problems:
            _picture(context, f"{_slug(request.node.name)}-{number}")
        context.close()
    if not failed:
        assert watch.problems == []


@pytest.fixture
def visitor(browser: Browser, stack: Stack, watch: Watch, _contexts: list[BrowserContext]) -> Page:
    """Somebody from the street."""
    context = new_context(browser, stack.url)
    _contexts.append(context)
    page = context.new_page()
    watch.attend(page, stack.url)
    return page


@pytest.fixture
def desk(
    browser: Browser, stack: Stack, watch: Watch, _sessions: dict[str, Any], _contexts: list[BrowserContext]
) -> Desk:
    """`desk("Finance")`: a page of somebody with this role, logged in."""

    def sit_down(role: str) -> Page:
        if role not in _sessions:
            first = new_context(browser, stack.url)
            log_in(first.new_page(), *stack.scene.accounts[role])
            _sessions[role] = first.storage_state()
            first.close()
        context = new_context(browser, stack.url, state=_sessions[role])
        _contexts.append(context)
        page = context.new_page()
        watch.attend(page, stack.url)
        return page

    return sit_down


def note(page: Page, name: str, wrong: list[str]) -> None:
    """A picture of what is wrong, and the words beside it."""
    FAILURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FAILURES / f"{_slug(name)}.png", full_page=True)
    with (FAILURES / "findings.txt").open("a") as out:
        out.write(f"{name}\n" + "".join(f"    {each}\n" for each in wrong))


def _slug(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-")[:80]


def _picture(context: BrowserContext, name: str) -> None:
    FAILURES.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(context.pages):
        with contextlib.suppress(Error):  # a page that hangs has no picture; the failure itself is told
            page.screenshot(path=FAILURES / f"{name}-{number}.png", full_page=True)
        (FAILURES / f"{name}-{number}.txt").write_text(f"{page.url}\n")
