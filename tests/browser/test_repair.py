"""Drift planted in Redis: staff see it, mend it with one click, and the gate says what the ledger says."""

import pytest
from playwright.sync_api import Page, expect
from redis import Redis

from bench.screenshots.stack import Stack
from tests.browser.conftest import Desk
from tests.browser.judging import faults

pytestmark = pytest.mark.timeout(300)
# A token that outlives every attempt: nothing but a person takes it away.
_STRAY, _VALUE = "t:planted", "7|4102444800000"


@pytest.fixture
def drifted(stack: Stack) -> str:
    """The key of an inventory that the gate knows, with units hidden under a stray token."""
    ids = stack.rows("SELECT inventory_id FROM catalog_hold ORDER BY created_at DESC LIMIT 20")
    with Redis.from_url(stack.redis_url) as store:
        key = next(key for (id,) in ids if store.exists(key := f"inv:{{{id}}}"))
        store.hset(key, _STRAY, _VALUE)
    return key


def _has_stray(stack: Stack, key: str) -> bool:
    with Redis.from_url(stack.redis_url) as store:
        return bool(store.hexists(key, _STRAY))


def _open(page: Page) -> None:
    page.goto("/admin/catalog/inventory/")
    page.get_by_role("link", name="compare gate and ledger").click()


def test_planted_drift_is_shown_and_mended(desk: Desk, stack: Stack, drifted: str) -> None:
    page = desk("Administrator")
    _open(page)
    expect(page.get_by_text("Drifted inventories")).to_be_visible()
    assert faults(page) == {}

    page.get_by_role("button", name="Mend", exact=True).first.click()

    expect(page.get_by_text("Gate and ledger agree")).to_be_visible()
    assert not _has_stray(stack, drifted)


def test_an_auditor_sees_drift_and_may_not_mend_it(desk: Desk, stack: Stack, drifted: str) -> None:
    page = desk("Auditor")

    _open(page)

    expect(page.get_by_text("Drifted inventories")).to_be_visible()
    assert page.get_by_role("button", name="Mend").count() == 0
    assert _has_stray(stack, drifted)
