"""Priced items: what is in them, and that they add up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from offers.bundles import FarePricer, OfferItem, extra_items, total_minor
from offers.trip import Option, Party
from tests.offers.builders import (
    ECONOMY,
    MORNING,
    candidate,
    connection,
    direct,
    extra,
    package,
    required_units,
    seats,
    segment,
    trip,
)

RETURN = direct(101, departs=MORNING + timedelta(days=7), origin="JFK", destination="LHR")
parties = st.builds(Party, st.integers(1, 4), st.integers(0, 4), st.just(0)) | st.builds(
    Party, st.just(3), st.integers(0, 3), st.integers(0, 3)
)


def _extras(*wanted: object, options: tuple[Option, ...] = (), seated: int = 2, **stock: int) -> list[OfferItem] | None:
    left = {("flt_100", "prd_lounge"): (7, stock["lounge"])} if stock else {}
    return extra_items(package(*wanted), trip(*options), seated=seated, stock=left)  # type: ignore[arg-type]  # extras


def test_each_segment_has_one_flight_item_per_type_of_passenger() -> None:
    items = FarePricer(Party(2, 1, 1), ECONOMY).items(trip(connection(), RETURN))

    assert [(item.segment, item.slice, item.passenger_type, item.quantity) for item in items] == [
        (0, 0, "adult", 2),
        (0, 0, "child", 1),
        (0, 0, "infant", 1),
        (1, 0, "adult", 2),
        (1, 0, "child", 1),
        (1, 0, "infant", 1),
        (2, 1, "adult", 2),
        (2, 1, "child", 1),
        (2, 1, "infant", 1),
    ]


def test_a_half_empty_cabin_costs_half_as_much_again_and_says_why() -> None:
    adult, infant = FarePricer(Party(2, 0, 1), ECONOMY).items(trip(direct(available=50)))

    assert (adult.unit_minor, adult.total_minor) == (30_000, 60_000)
    assert adult.explanation == (("base fare", 20_000), ("demand x1.5000", 10_000))
    assert (infant.unit_minor, infant.explanation[-1]) == (3_000, ("infant 10 % of the fare", -27_000))


def test_seats_are_held_for_all_but_infants() -> None:
    items = FarePricer(Party(2, 1, 1), ECONOMY).items(trip(connection()))

    assert required_units(items) == {200: 3, 201: 3}
    assert {item.units for item in items if item.passenger_type == "infant"} == {0}


def test_an_extra_is_counted_per_segment_per_slice_or_once_as_its_product_says() -> None:
    wanted = [
        extra("meal", applies_to="segment"),
        extra("bag", applies_to="journey", quantity=2),
        extra("insurance", applies_to="passenger"),
    ]

    items = _extras(*wanted, options=(connection(), RETURN), seated=3)

    assert [(item.type, item.segment, item.slice, item.quantity) for item in items or ()] == [
        ("meal", 0, 0, 3),
        ("meal", 1, 0, 3),
        ("meal", 2, 1, 3),
        ("bag", None, 0, 6),
        ("bag", None, 1, 6),
        ("insurance", None, None, 3),
    ]


def test_the_discount_of_the_bundle_stands_in_the_explanation() -> None:
    [bag] = _extras(extra("bag", base=4_500, percent="10")) or []

    assert bag.explanation == (("base price", 4_500), ("Comfort Bundle discount 10 %", -450))
    assert (bag.unit_minor, bag.total_minor) == (4_050, 8_100)


def test_a_limited_extra_takes_units_of_its_own_inventory() -> None:
    [lounge] = _extras(extra("lounge", applies_to="segment", limited=True), lounge=2) or []

    assert (lounge.inventory_id, lounge.units) == (7, 2)


def test_a_bundle_is_left_out_when_too_little_is_left_of_a_limited_extra() -> None:
    lounge = extra("lounge", applies_to="segment", limited=True)

    assert _extras(lounge, lounge=1) is None
    assert _extras(lounge) is None


def test_a_bundle_is_sold_whole_or_not_at_all() -> None:
    bag = extra("bag")
    dead = extra("meal", active=False)
    other_cabin = extra("seat", cabin="business")

    assert package(bag).sellable(cabin="economy", currency="USD")
    assert not package(bag, dead).sellable(cabin="economy", currency="USD")
    assert not package(bag).sellable(cabin="economy", currency="EUR")
    assert not package(bag, other_cabin).sellable(cabin="economy", currency="USD")
    assert not package(extra("lounge", limited=True)).sellable(cabin="economy", currency="USD")
    assert not package(extra("flight", applies_to="flight")).sellable(cabin="economy", currency="USD")


@given(party=parties, base=st.integers(1, 500_000), left=st.integers(9, 100), percent=st.integers(0, 100))
def test_items_explanations_and_total_add_up_for_any_party_and_price(
    party: Party, base: int, left: int, percent: int
) -> None:
    option = Option((segment(),), (seats(available=left, base=base),))
    bundle = package(extra(base=base // 7, percent=str(percent)), extra("meal", applies_to="segment", base=333))

    found = candidate(bundle, option, RETURN, party=party)

    assert found.total_minor == total_minor(found.items) == sum(item.unit_minor * item.quantity for item in found.items)
    assert all(sum(minor for _, minor in item.explanation) == item.unit_minor for item in found.items)
    assert required_units(found.items) == {100: party.seated, 101: party.seated}


@given(left=st.integers(1, 100), base=st.integers(1, 500_000))
def test_a_fare_is_never_below_its_base_nor_above_three_times_it(left: int, base: int) -> None:
    [item] = candidate(candidate().package, direct(available=left, base=base)).items

    assert base <= item.unit_minor <= 3 * base
