"""A world to spoil."""

import pytest

from tests.insight.world import World, make_world, settle_constraints
from tests.payments.simulators import Simulator


@pytest.fixture
def world(db: None, gateway: Simulator) -> World:
    """Orders in every kind of trouble, made in the test's own transaction."""
    made = make_world()
    settle_constraints()
    return made
