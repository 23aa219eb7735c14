"""The demand curve and the explanations that add up to prices."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altis.shared.money import Money, total
from catalog.errors import NotSellable
from catalog.pricing import (
    demand_minor,
    demand_multiplier,
    extra_price,
    flight_price,
    infant_minor,
    shown_multiplier,
    utilization,
)

BASE = Money.of("200.00", "USD")
fares = st.integers(0, 2_000_000).map(lambda minor: Money(minor, "USD"))
capacities = st.integers(1, 900)
passengers = st.sampled_from(["adult", "child", "infant"])


@pytest.mark.parametrize(
    ("available", "price"), [(100, "200.00"), (50, "300.00"), (10, "524.00"), (1, "592.04"), (0, "600.00")]
)
def test_the_overviews_table_of_prices(available: int, price: str) -> None:
    adult = flight_price(BASE, available=available, capacity=100, passenger="adult")

    assert adult.unit == Money.of(price, "USD")


def test_an_explanation_names_the_fare_and_the_demand() -> None:
    price = flight_price(BASE, available=50, capacity=100, passenger="child")

    assert [(part.label, str(part.amount)) for part in price.components] == [
        ("base fare", "200.00 USD"),
        ("demand x1.5000", "100.00 USD"),
    ]


def test_an_infant_pays_a_tenth_of_the_fare_of_the_moment() -> None:
    price = flight_price(BASE, available=50, capacity=100, passenger="infant")

    assert price.unit == Money.of("30.00", "USD")
    assert price.components[-1].label == "infant 10 % of the fare"
    assert price.components[-1].amount == Money.of("-270.00", "USD")


@pytest.mark.parametrize("capacity", [0, -1])
def test_what_has_no_capacity_has_no_price(capacity: int) -> None:
    with pytest.raises(NotSellable) as refusal:
        flight_price(BASE, available=0, capacity=capacity, passenger="adult")

    assert refusal.value.code == "not_sellable"


@pytest.mark.parametrize(("available", "gone"), [(150, "0"), (100, "0"), (0, "1"), (-5, "1")])
def test_utilization_is_clamped(available: int, gone: str) -> None:
    assert utilization(available, 100) == Decimal(gone)


def test_half_a_cent_goes_up_even_where_the_share_has_no_end_in_decimals() -> None:
    # 5 of 12 gone: 36 cents x 25/72 is exactly 12.5 cents, though 25/72 cannot be written in decimals.
    price = flight_price(Money(36, "USD"), available=7, capacity=12, passenger="adult")

    assert price.unit == Money(49, "USD")


def test_a_bundle_discount_is_a_line_of_its_own() -> None:
    price = extra_price(Money.of("35.05", "USD"), discount_percent=Decimal("10.00"), bundle_name="Comfort Bundle")

    assert price.unit == Money.of("31.54", "USD")
    assert [(part.label, str(part.amount)) for part in price.components] == [
        ("base price", "35.05 USD"),
        ("Comfort Bundle discount 10 %", "-3.51 USD"),
    ]


def test_without_discount_an_extra_costs_its_base_price() -> None:
    price = extra_price(Money.of("35.05", "USD"), label="extra bag")

    assert [(part.label, str(part.amount)) for part in price.components] == [("extra bag", "35.05 USD")]


def test_percentages_are_written_without_idle_zeros() -> None:
    price = extra_price(BASE, discount_percent=Decimal("12.50"), bundle_name="Sale")

    assert price.components[1].label == "Sale discount 12.5 %"


@given(base=fares, capacity=capacities, gone=st.integers(0, 900), passenger=passengers)
def test_components_add_up_to_the_price(base: Money, capacity: int, gone: int, passenger: str) -> None:
    price = flight_price(base, available=capacity - gone, capacity=capacity, passenger=passenger)  # type: ignore[arg-type]  # drawn from the literals

    assert total((part.amount for part in price.components), "USD") == price.unit


@given(base=fares, capacity=capacities, gone=st.integers(0, 900))
def test_a_price_is_the_exact_fraction_rounded_half_up(base: Money, capacity: int, gone: int) -> None:
    gone = min(gone, capacity)
    exact = base.minor * (1 + 2 * Fraction(gone, capacity) ** 2)

    price = flight_price(base, available=capacity - gone, capacity=capacity, passenger="adult")

    assert price.unit.minor == int(exact + Fraction(1, 2))


@given(base=fares, capacity=capacities, seats=st.lists(st.integers(-10, 910), min_size=2, max_size=8))
def test_fewer_seats_are_never_cheaper_and_prices_stay_in_bounds(base: Money, capacity: int, seats: list[int]) -> None:
    prices = [
        flight_price(base, available=left, capacity=capacity, passenger="adult").unit.minor for left in sorted(seats)
    ]

    assert prices == sorted(prices, reverse=True)
    assert all(base.minor <= price <= 3 * base.minor for price in prices)


@given(capacity=capacities, available=st.integers(-10, 910))
def test_the_multiplier_stays_between_its_clamps(capacity: int, available: int) -> None:
    assert Decimal("0.5") <= demand_multiplier(available, capacity) <= Decimal("3.0")


@given(base=fares, percent=st.decimals(0, 100, places=2))
def test_a_discount_never_makes_a_price_negative(base: Money, percent: Decimal) -> None:
    price = extra_price(base, discount_percent=percent, bundle_name="Sale")

    assert 0 <= price.unit.minor <= base.minor
    assert total((part.amount for part in price.components), "USD") == price.unit


@given(st.integers(0, 10**9), st.integers(1, 1_000_000), st.data())
def test_whole_numbers_give_the_price_of_exact_decimals(base_minor: int, capacity: int, data: Any) -> None:
    available = data.draw(st.integers(-2, capacity + 2))
    price = flight_price(Money(base_minor, "USD"), available=available, capacity=capacity, passenger="infant")

    fare = base_minor + demand_minor(base_minor, available=available, capacity=capacity)
    label = f"demand x{shown_multiplier(available=available, capacity=capacity)}"

    assert [(part.label, part.amount.minor) for part in price.components[:2]] == [
        ("base fare", base_minor),
        (label, fare - base_minor),
    ]
    assert price.unit.minor == infant_minor(fare)


@pytest.mark.parametrize("capacity", range(1, 60))
def test_whole_numbers_round_every_half_alike(capacity: int) -> None:
    for available in range(capacity + 1):
        for base_minor in (1, 3, 25, 125, 199, 12_345):
            exact = flight_price(Money(base_minor, "USD"), available=available, capacity=capacity, passenger="adult")

            demand = demand_minor(base_minor, available=available, capacity=capacity)

            assert exact.unit.minor == base_minor + demand
