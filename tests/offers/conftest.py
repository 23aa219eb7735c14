"""An empty shelf, and the bundles of a small market."""

import pytest

from altis.store.redis import client as redis_client
from tests.offers import market


@pytest.fixture(autouse=True)
def _empty_shelf() -> None:
    redis_client().flushdb()


@pytest.fixture
def bundles(db: None) -> None:
    market.make_bundles()
