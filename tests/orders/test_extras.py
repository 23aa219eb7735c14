"""Extras and named seats, chosen at accept: what they cost, what they need, and which are refused."""

from typing import Any

import pytest

from altis.shared.actors import Actor
from catalog.errors import SeatTaken, SoldOut
from catalog.models import Flight, Inventory, Product, SeatAssignment
from orders.errors import NotAnExtra, UnknownProduct, UnknownSeat
from orders.placing import Extra
from orders.services.cancel import cancel_order
from tests.catalog.books import figures
from tests.factories import make_inventory, make_product
from tests.orders.books import contradictions
from tests.orders.trips import nothing_happens, offer_for, place

pytestmark = pytest.mark.django_db


def _product(type: str) -> Product:
    return Product.objects.get(type=type)


def _extra(type: str, **fields: Any) -> Extra:
    return Extra(_product(type).pk, **fields)


def test_extras_are_priced_now_and_added_to_the_order(flight: Flight, owner_actor: Actor) -> None:
    offer = offer_for("adult", "adult")

    order = place(offer, owner_actor, extras=[_extra("bag", quantity=2, passenger=1)])

    [item] = order.items.filter(offered=False)
    assert (item.unit_minor, item.total_minor, item.quantity, item.position) == (4_500, 9_000, 2, len(offer.items))
    assert item.price_explanation == [{"label": "base price", "amount": "45.00"}]
    assert order.total_minor == offer.total_minor + 9_000
    assert (item.passenger, item.passenger_type) == (order.passengers.get(position=1), "adult")
    assert contradictions() == {}


def test_a_named_seat_is_its_passengers_on_its_flight(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor, extras=[_extra("seat", passenger=0, segment=0, seat="12A")])

    seat = SeatAssignment.objects.get()
    [item] = order.items.filter(offered=False)
    assert (seat.flight_id, seat.seat, seat.item_id) == (flight.pk, "12A", item.pk)
    assert (seat.order_id, seat.passenger_id) == (order.pk, order.passengers.get().pk)
    assert (item.seat, item.flight_id, item.segment, item.cabin) == ("12A", flight.pk, 0, "economy")


def test_naming_the_seat_that_the_bundle_includes_costs_nothing_more(flight: Flight, owner_actor: Actor) -> None:
    offer = offer_for(bundle="comfort")

    order = place(offer, owner_actor, extras=[_extra("seat", passenger=0, segment=0, seat="12A")])

    [item] = order.items.filter(offered=False)
    assert (item.seat, item.total_minor, order.total_minor) == ("12A", 0, offer.total_minor)
    assert [part["amount"] for part in item.price_explanation] == ["25.00", "-25.00"]
    assert contradictions() == {}


def test_a_seat_is_sold_once_and_again_after_it_was_given_up(flight: Flight, owner_actor: Actor) -> None:
    wanted = [_extra("seat", passenger=0, segment=0, seat="12A")]
    first = place(offer_for(), owner_actor, extras=wanted)
    again = offer_for()

    with nothing_happens(), pytest.raises(SeatTaken):
        place(again, owner_actor, extras=wanted)
    cancel_order(order_id=first.pk, actor=owner_actor, reason="customer_cancelled")
    place(again, owner_actor, extras=wanted)

    assert SeatAssignment.objects.filter(released_at__isnull=True).count() == 1


def test_one_order_cannot_have_the_same_seat_twice(flight: Flight, owner_actor: Actor) -> None:
    offer = offer_for("adult", "adult")
    twice = [_extra("seat", passenger=number, segment=0, seat="12A") for number in (0, 1)]

    with nothing_happens(), pytest.raises(SeatTaken):
        place(offer, owner_actor, extras=twice)


def test_nobody_is_given_two_seats_on_one_flight(flight: Flight, owner_actor: Actor) -> None:
    offer = offer_for()
    both = [_extra("seat", passenger=0, segment=0, seat=seat) for seat in ("12A", "13A")]

    with nothing_happens(), pytest.raises(NotAnExtra) as refusal:
        place(offer, owner_actor, extras=both)

    assert [fault.pointer for fault in refusal.value.faults] == ["/items/1/seat"]


def test_a_bag_may_say_which_part_of_the_trip_it_is_for(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor, extras=[_extra("bag", passenger=0, segment=0)])

    [item] = order.items.filter(offered=False)
    assert (item.segment, item.flight_id, item.inventory_id, item.total_minor) == (0, None, None, 4_500)


def test_a_limited_extra_that_no_flight_counts_is_refused(flight: Flight, owner_actor: Actor) -> None:
    limited = make_product("bag", capacity_controlled=True)
    offer = offer_for()

    with nothing_happens(), pytest.raises(NotAnExtra):
        place(offer, owner_actor, extras=[Extra(limited.pk, passenger=0)])


def test_a_limited_extra_is_held(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor, extras=[_extra("lounge", passenger=0, segment=0, quantity=2)])

    assert figures(Inventory.objects.get(product=_product("lounge"))) == (2, 0, 2)
    assert order.items.get(offered=False).units == 2


def test_a_limited_extra_that_is_sold_out_takes_the_flight_with_it(flight: Flight, owner_actor: Actor) -> None:
    meal = make_product("meal", capacity_controlled=True, applies_to="segment")
    make_inventory(flight, product=meal, capacity=1)
    offer = offer_for()

    with nothing_happens(), pytest.raises(SoldOut):
        place(offer, owner_actor, extras=[Extra(meal.pk, quantity=2, passenger=0, segment=0)])


def test_a_limited_extra_that_the_flight_does_not_have_is_refused(flight: Flight, owner_actor: Actor) -> None:
    meal = make_product("meal", capacity_controlled=True, applies_to="segment")
    offer = offer_for()

    with nothing_happens(), pytest.raises(NotAnExtra) as refusal:
        place(offer, owner_actor, extras=[Extra(meal.pk, passenger=0, segment=0)])

    assert [fault.pointer for fault in refusal.value.faults] == ["/items/0"]


def test_the_same_named_seat_product_bought_without_a_name_assigns_none(flight: Flight, owner_actor: Actor) -> None:
    place(offer_for(), owner_actor, extras=[_extra("seat", passenger=0, segment=0)])

    assert not SeatAssignment.objects.exists()


@pytest.mark.parametrize(
    ("type", "fields", "pointer"),
    [
        ("flight", {}, "/items/1/product_id"),
        ("bag", {"passenger": 2}, "/items/1/passenger"),
        ("bag", {"segment": 1}, "/items/1/segment"),
        ("bag", {"seat": "12A"}, "/items/1/seat"),
        ("seat", {"passenger": 0}, "/items/1/segment"),
        ("seat", {"passenger": 0, "segment": 1}, "/items/1/segment"),
        ("seat", {"segment": 0, "seat": "12A"}, "/items/1"),
        ("seat", {"passenger": 0, "segment": 0, "seat": "12A", "quantity": 2}, "/items/1"),
        ("seat", {"passenger": 1, "segment": 0, "seat": "12A"}, "/items/1/passenger"),
        ("lounge", {"passenger": 0, "segment": 0, "seat": "12A"}, "/items/1"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(
    flight: Flight, owner_actor: Actor, type: str, fields: dict[str, Any], pointer: str
) -> None:
    offer = offer_for("adult", "infant")
    extras = [_extra("bag", passenger=0), _extra(type, **fields)]

    with nothing_happens(), pytest.raises(NotAnExtra) as refusal:
        place(offer, owner_actor, extras=extras)

    assert [fault.pointer for fault in refusal.value.faults] == [pointer]


@pytest.mark.parametrize("seat", ["0A", "99A", "1Z", "12I", "12AA"])
def test_a_seat_that_the_aircraft_lacks_is_refused(flight: Flight, owner_actor: Actor, seat: str) -> None:
    offer = offer_for()

    with nothing_happens(), pytest.raises(UnknownSeat) as refusal:
        place(offer, owner_actor, extras=[_extra("seat", passenger=0, segment=0, seat=seat)])

    assert [fault.pointer for fault in refusal.value.faults] == ["/items/0/seat"]


@pytest.mark.parametrize("wrong", [{"active": False}, {"currency": "EUR"}, None])
def test_what_is_not_on_sale_is_no_extra(flight: Flight, owner_actor: Actor, wrong: dict[str, Any] | None) -> None:
    id = "prd_01jd5y8t3m4n6p7q9r0s2v4w6x" if wrong is None else make_product("bag", **wrong).pk
    offer = offer_for()

    with nothing_happens(), pytest.raises(UnknownProduct) as refusal:
        place(offer, owner_actor, extras=[Extra(id, passenger=0)])

    assert [fault.pointer for fault in refusal.value.faults] == ["/items/0/product_id"]
