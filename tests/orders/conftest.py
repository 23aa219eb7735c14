"""The small market in which the tests of orders buy."""

import pytest

from catalog.models import Flight
from tests.offers import market


@pytest.fixture
def flight(db: None) -> Flight:
    """LHR to JFK in ten days: 100 seats at 200.00, 40 lounge slots; the three bundles on sale."""
    market.make_bundles()
    return market.fly()
