"""Money: exact, in one currency, and rounded in one place."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altis.shared.money import CurrencyMismatch, InexactAmount, Money, decimals, total

minors = st.integers(-(10**15), 10**15)
dollars = minors.map(lambda minor: Money(minor, "USD"))


@pytest.mark.parametrize(("currency", "places"), [("USD", 2), ("JPY", 0), ("KWD", 3), ("EUR", 2), ("ISK", 0)])
def test_a_currency_has_its_own_decimals(currency: str, places: int) -> None:
    assert decimals(currency) == places


@pytest.mark.parametrize(
    ("amount", "currency", "minor", "text"),
    [
        ("524.00", "USD", 52_400, "524.00 USD"),
        ("1500", "JPY", 1_500, "1500 JPY"),
        ("1.005", "KWD", 1_005, "1.005 KWD"),
        ("-0.01", "USD", -1, "-0.01 USD"),
        (3, "USD", 300, "3.00 USD"),
    ],
)
def test_major_units_become_minor_units_and_come_back(amount: str, currency: str, minor: int, text: str) -> None:
    money = Money.of(amount, currency)

    assert (money.minor, str(money)) == (minor, text)
    assert money.as_json() == {"amount": text.split(maxsplit=1)[0], "currency": currency}


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "USD"), ("0.5", "JPY"), ("0.0001", "KWD")])
def test_more_decimals_than_the_currency_has_are_refused(amount: str, currency: str) -> None:
    with pytest.raises(InexactAmount):
        Money.of(amount, currency)


@pytest.mark.parametrize(
    ("minor", "factor", "rounded"),
    [
        (1, "0.5", 1),
        (-1, "0.5", -1),
        (3, "0.5", 2),
        (-3, "0.5", -2),
        (1, "0.4999999999", 0),
        (20_000, "2.9602", 59_204),
        (100, "-1", -100),
    ],
)
def test_halves_are_rounded_away_from_zero(minor: int, factor: str, rounded: int) -> None:
    assert Money(minor, "USD").times(Decimal(factor)) == Money(rounded, "USD")


@given(minors, st.decimals("-100", "100", places=4))
def test_rounding_moves_an_amount_by_half_a_unit_at_most(minor: int, factor: Decimal) -> None:
    rounded = Money(minor, "USD").times(factor)

    assert abs(rounded.minor - Decimal(minor) * factor) <= Decimal("0.5")
    assert Money(-minor, "USD").times(factor) == -rounded


@given(dollars, dollars, dollars)
def test_addition_is_exact_and_in_any_order(a: Money, b: Money, c: Money) -> None:
    assert (a + b) + c == a + (b + c) == total([c, a, b], "USD")
    assert a - b == -(b - a)
    assert a + Money.zero("USD") == a


@given(dollars)
def test_an_amount_survives_its_own_decimal_form(money: Money) -> None:
    assert Money.of(money.as_json()["amount"], "USD") == money
    assert money.amount.as_tuple().exponent == -2


def test_amounts_of_two_currencies_do_not_mix() -> None:
    dollar, euro = Money(100, "USD"), Money(100, "EUR")

    for mix in (lambda: dollar + euro, lambda: dollar - euro, lambda: dollar < euro, lambda: total([euro], "USD")):
        with pytest.raises(CurrencyMismatch):
            mix()
    assert dollar != euro


def test_amounts_are_ordered_and_nothing_adds_up_to_nothing() -> None:
    assert max(Money(1, "USD"), Money(3, "USD"), Money(2, "USD")) == Money(3, "USD")
    assert total([], "JPY") == Money(0, "JPY")
