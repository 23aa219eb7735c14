"""The small market in which the tests of orders buy."""

import pytest

from altis.shared.actors import Actor
from catalog.models import Flight
from orders.models import Order
from orders.services.fulfil import fulfil_order
from tests.offers import market
from tests.orders.trips import offer_for, pay_up, place


@pytest.fixture
def flight(db: None) -> Flight:
    """LHR to JFK in ten days: 100 seats at 200.00, 40 lounge slots; the three bundles on sale."""
    market.make_bundles()
    return market.fly()


@pytest.fixture
def fulfilled(flight: Flight, owner_actor: Actor) -> Order:
    """One adult, Flight Only, paid for and issued."""
    return fulfil_order(pay_up(place(offer_for(), owner_actor)).pk)


@pytest.fixture
def premium(flight: Flight, owner_actor: Actor) -> Order:
    """One adult whose bundle has vouchers too, paid for and issued."""
    return fulfil_order(pay_up(place(offer_for(bundle="premium"), owner_actor)).pk)
