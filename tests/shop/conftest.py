"""The shop with something to sell, and who visits it."""

import pytest

from catalog.models import Flight
from tests.shop.browsing import Browser, open_shop


@pytest.fixture
def flight(db: None) -> Flight:
    return open_shop()


@pytest.fixture
def visitor(flight: Flight) -> Browser:
    """Somebody who has come for the first time."""
    return Browser()
