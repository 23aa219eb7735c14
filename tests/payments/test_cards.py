"""Card numbers are recognised however they are written, and tokens are not taken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.cards import looks_like_card_number


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        " 4242424242424242\n",
        "378282246310005",  # 15 digits
        "4222222222222",  # 13
        "6304000000000000000",  # 19
    ],
)
def test_a_number_that_passes_luhn_is_a_card_number(text: str) -> None:
    assert looks_like_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tok_visa",
        "tok_4242424242424242",  # a gateway's own name for a card
        "4242424242424241",  # wrong check digit
        "424242424242",  # 12 digits
        "42424242424242424242",  # 20 digits
        "4242.4242.4242.4242",
    ],
)
def test_everything_else_is_not(text: str) -> None:
    assert not looks_like_card_number(text)


@given(st.text("0123456789", min_size=12, max_size=18))
def test_each_run_of_digits_has_exactly_one_check_digit(digits: str) -> None:
    completed = [digits + last for last in "0123456789"]

    assert sum(looks_like_card_number(number) for number in completed) == 1


@given(st.text(max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    assert looks_like_card_number(text) in (True, False)
