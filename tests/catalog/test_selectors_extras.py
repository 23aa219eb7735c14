"""What may be added to a trip, read at once: products, what is left of the limited ones, and seats by their names."""

import pytest

from catalog.selectors import extras_on_sale
from tests.factories import make_flight, make_inventory, make_product, make_schedule
from tests.wire import listening

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("designator", "exists"),
    [("1A", True), ("25F", True), ("26A", False), ("1B", False), ("0A", False), ("01A", False), ("1a", False),
     ("\u0661A", False), ("1AA", False), ("A1", False), ("", False)],
)  # fmt: skip
def test_a_seat_exists_in_its_cabin_only(designator: str, exists: bool) -> None:
    flight = make_flight(make_schedule(seats={"economy": 100, "business": 16}))

    found = extras_on_sale([make_product("seat").pk], [flight.pk])

    assert found.has_seat(flight.pk, "economy", designator) is exists
    assert found.has_seat(flight.pk, "business", designator) is (designator == "26A")
    assert found.has_seat("flt_unknown", "economy", designator) is False


def test_many_products_on_many_flights_are_one_round_trip_and_none_is_none() -> None:
    flights = [make_flight() for _ in range(3)]
    lounge, bag = make_product("lounge"), make_product("bag")
    slots = make_inventory(flights[1], product=lounge, capacity=5)

    with listening() as wire:
        found = extras_on_sale([lounge.pk, bag.pk, "prd_unknown"], [flight.pk for flight in flights])
    with listening() as silent:
        extras_on_sale([], [flights[0].pk])

    assert (wire.round_trips, silent.round_trips) == (1, 0)
    assert found.products == {lounge.pk: lounge, bag.pk: bag}
    assert found.products[lounge.pk].attributes == lounge.attributes
    assert found.inventory == {(flights[1].pk, lounge.pk): slots.pk}
