"""Another capacity, and overbooking that somebody answers for: never less than customers have."""

from functools import partial

import pytest
from pytest_django import Settings

from altis.shared.errors import AltisError, Invalid, NotFound
from catalog.errors import CapacityBelowSold, FlightIsCancelled, OverbookingTooHigh
from catalog.models import Inventory
from catalog.services.authorise_overbooking import authorise_overbooking
from catalog.services.cancel_flight import cancel_flight
from catalog.services.change_capacity import change_capacity
from tests.catalog.books import contradictions, gate
from tests.catalog.services.commands import BY_STAFF, everything, hold, last_line, told
from tests.factories import cabin_of, make_flight

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cabin(settings: Settings) -> Inventory:
    settings.ALTIS_OVERBOOKING = "economy=10"
    return cabin_of(make_flight(seats={"economy": 20}))


def test_a_capacity_is_changed_journalled_announced_and_told_to_the_gate(cabin: Inventory) -> None:
    after = change_capacity(inventory_id=cabin.pk, capacity=30, **BY_STAFF)

    assert (after.capacity, after.available) == (30, 30)
    assert last_line(cabin) == ("CAPACITY", 10, "staff:usr_ana", "schedule_change")
    assert (told(), gate(cabin)) == (["altis.inventory.resized"], {"base": "30", "ver": "2"})
    assert contradictions() == {}


def test_a_capacity_below_what_is_held_and_sold_is_refused_and_says_by_how_much(cabin: Inventory) -> None:
    hold(cabin, 7)
    before = everything()

    with pytest.raises(CapacityBelowSold, match="7 are held and sold: 2 more than that"):
        change_capacity(inventory_id=cabin.pk, capacity=5, **BY_STAFF)

    assert everything() == before


def test_overbooking_covers_the_difference_and_stays(cabin: Inventory) -> None:
    hold(cabin, 20)
    authorise_overbooking(inventory_id=cabin.pk, units=2, **BY_STAFF)

    after = change_capacity(inventory_id=cabin.pk, capacity=18, **BY_STAFF)

    assert (after.capacity, after.forced_over, after.available) == (18, 2, 0)
    assert (gate(cabin)["base"], contradictions()) == ("0", {})


def test_overbooking_is_journalled_with_who_answers_for_it(cabin: Inventory) -> None:
    after = authorise_overbooking(inventory_id=cabin.pk, units=2, **BY_STAFF)

    assert (after.forced_over, after.available) == (2, 22)
    assert last_line(cabin) == ("CAPACITY", 0, "staff:usr_ana", "schedule_change")
    assert list(cabin.journal.order_by("version").values_list("d_over", flat=True)) == [0, 2]
    assert (gate(cabin), contradictions()) == ({"base": "22", "ver": "2"}, {})


def test_overbooking_above_the_limit_of_the_cabin_is_refused(cabin: Inventory) -> None:
    before = everything()

    with pytest.raises(OverbookingTooHigh, match="At most 2 beyond the capacity of 20"):
        authorise_overbooking(inventory_id=cabin.pk, units=3, **BY_STAFF)

    assert everything() == before


def test_overbooking_that_was_sold_is_not_taken_back(cabin: Inventory) -> None:
    authorise_overbooking(inventory_id=cabin.pk, units=2, **BY_STAFF)
    hold(cabin, 21)
    before = everything()

    with pytest.raises(CapacityBelowSold, match="1 more than that"):
        authorise_overbooking(inventory_id=cabin.pk, units=0, **BY_STAFF)

    assert everything() == before
    assert authorise_overbooking(inventory_id=cabin.pk, units=1, **BY_STAFF).available == 0


def test_what_an_operator_allowed_beyond_the_limit_may_be_lowered(cabin: Inventory) -> None:
    Inventory.objects.filter(pk=cabin.pk).update(forced_over=9)

    assert authorise_overbooking(inventory_id=cabin.pk, units=8, **BY_STAFF).forced_over == 8


def test_the_same_again_changes_nothing(cabin: Inventory) -> None:
    before = everything()

    change_capacity(inventory_id=cabin.pk, capacity=20, **BY_STAFF)
    authorise_overbooking(inventory_id=cabin.pk, units=0, **BY_STAFF)

    assert everything() == before


def test_nonsense_and_cancelled_flights_are_refused(cabin: Inventory) -> None:
    cancel_flight(flight_id=cabin.flight_id, **BY_STAFF)
    before, refused = everything(), list[type[AltisError]]()

    for id, number in ((cabin.pk, 30), (cabin.pk, -1), (0, 5)):
        for call in (
            partial(change_capacity, inventory_id=id, capacity=number, **BY_STAFF),
            partial(authorise_overbooking, inventory_id=id, units=number, **BY_STAFF),
        ):
            with pytest.raises(AltisError) as error:
                call()
            refused.append(error.type)

    assert refused == [FlightIsCancelled] * 2 + [Invalid] * 2 + [NotFound] * 2
    assert everything() == before
