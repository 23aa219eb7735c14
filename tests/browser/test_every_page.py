"""Every page that links lead to: sound in light and dark, on a desk and on a tablet, and open to whom it is shown."""

import pytest
from playwright.sync_api import Page

from altis.accounts.roles import Role
from bench.screenshots.browser import LOOKS
from bench.screenshots.places import HOME, kind_of, walk
from bench.screenshots.sound import settle
from bench.screenshots.stack import Stack
from tests.browser.conftest import Desk, note
from tests.browser.judging import faults, judge
from tests.browser.watching import Watch

pytestmark = pytest.mark.timeout(1500)
ROLES = [role.value.capitalize() for role in Role]
_FEWEST_PAGES = 90
# Axe looks at every cell, and the hundredth row of a list is as the tenth.
_SHORTEN = "() => document.querySelectorAll('#result_list tbody tr:nth-child(n + 16)').forEach((row) => row.remove())"


def _open(page: Page, address: str) -> str:
    page.goto(address)
    settle(page)
    html = page.content()
    page.evaluate(_SHORTEN)
    return html


def test_every_page_is_sound_in_light_and_dark_on_a_desk_and_a_tablet(desk: Desk) -> None:
    page = desk("Administrator")
    found: dict[str, list[str]] = {}
    seen = 0

    for address in walk(lambda address: _open(page, address)):
        seen += 1
        for look in LOOKS:
            if wrong := judge(page, look):
                name = f"{kind_of(address)} {look.width} {look.theme}"
                found[name] = wrong
                note(page, name, wrong)

    assert found == {}
    assert seen >= _FEWEST_PAGES


@pytest.mark.parametrize("role", ROLES)
def test_whatever_a_role_is_shown_opens(desk: Desk, role: str) -> None:
    page = desk(role)
    refused, seen = {}, []

    def read(address: str) -> str:
        seen.append(address)
        reply = page.request.get(address)
        if reply.status != 200:
            refused[address] = reply.status
        return reply.text()

    kinds = [kind_of(address) for address in walk(read)]

    assert refused == {}
    assert HOME in kinds
    assert len(kinds) > 8


def test_the_log_in_is_sound_and_says_what_is_wrong(visitor: Page, stack: Stack, watch: Watch) -> None:
    visitor.goto("/admin/")
    assert faults(visitor) == {}

    visitor.fill("input[name=username]", stack.scene.accounts["Finance"][0])
    visitor.fill("input[name=password]", "not the password")
    visitor.click("button[type=submit]")

    visitor.get_by_text("Please enter the correct").first.wait_for()
    assert faults(visitor) == {}
