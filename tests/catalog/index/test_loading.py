"""What an index that has just been read keeps once, though it stands in many places."""

import pytest

from catalog.index.loading import read_catalogue
from tests.offers import market

pytestmark = pytest.mark.django_db


def test_cabins_in_the_same_state_share_their_look_until_one_of_them_sells() -> None:
    market.make_bundles()
    market.fly("100")
    market.fly("200")
    catalogue = read_catalogue()
    first, second = (cell for cell in catalogue.cells.values() if cell.cabin == "economy")
    before = (second.look.available, second.look.fare)
    assert first.look is second.look

    catalogue.hear(first.inventory_id, available=first.look.available - 1, version=99)

    assert first.look.available == before[0] - 1
    assert (second.look.available, second.look.fare) == before
