"""Every invariant finds what is planted against it, and reports nothing about a world made through the product."""

import pytest
from django.db import connection, transaction

from tests.insight.books import ALWAYS, violations
from tests.insight.invariants.corruption import Corruption
from tests.insight.invariants.planted_in_history import HISTORY
from tests.insight.invariants.planted_in_inventory import INVENTORY
from tests.insight.invariants.planted_in_money import MONEY
from tests.insight.invariants.planted_in_orders import ORDERS
from tests.insight.invariants.planted_in_privacy import PRIVACY
from tests.insight.world import World

THEMES = {"inventory": INVENTORY, "orders": ORDERS, "money": MONEY, "history": HISTORY, "privacy": PRIVACY}


def test_a_world_made_through_the_product_contradicts_nothing(world: World) -> None:
    assert violations(ALWAYS) == {}


def _found(corruption: Corruption, world: World) -> str:
    """The numbers of the invariants that find it, planted in a savepoint that is rolled back."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in corruption.statements(world.names()):
            cursor.execute(statement)
            assert cursor.rowcount, f"nothing was planted: {corruption.name}"
        found = violations(ALWAYS)
        transaction.set_rollback(True)
    return " ".join(found)


@pytest.mark.parametrize("theme", THEMES)
def test_each_corruption_is_found_by_those_that_it_contradicts_and_by_no_other(world: World, theme: str) -> None:
    planted = THEMES[theme]

    found = {corruption.name: _found(corruption, world) for corruption in planted}

    assert found == {corruption.name: corruption.found_by for corruption in planted}
    assert violations(ALWAYS) == {}


def test_every_invariant_has_a_corruption() -> None:
    found = {number for planted in THEMES.values() for each in planted for number in each.found_by.split()}

    assert found == set(ALWAYS)
