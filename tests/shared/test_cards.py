"""Card numbers are recognised however they are written, and nothing else is taken for one."""

import random
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from altis.shared.cards import (
    has_card_number,
    is_card_as_header,
    is_card_field,
    looks_like_card_number,
    without_card_numbers,
)
from bench.canaries.people import cards, disguised

CARD = "4242424242424242"


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242\u20114242\u20114242\u20114242",
        "4242\u200b4242\u00a04242\u00ad4242",
        f" {CARD}\n",
        "\uff14\uff12" * 8,  # full-width
        "\u0664\u0662" * 8,  # Arabic
        "378282246310005",  # 15 digits
        "4222222222222",  # 13
        "6304000000000000000",  # 19
    ],
)
def test_a_number_that_passes_luhn_is_a_card_number(text: str) -> None:
    assert looks_like_card_number(text)
    assert has_card_number(text)


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
    assert not has_card_number(text)


@pytest.mark.parametrize("card", cards(50))
def test_each_test_number_is_seen_in_every_disguise(card: str) -> None:
    assert all(has_card_number(disguised(card, number)) for number in range(6))
    assert has_card_number(f"flat 12 {card}")
    assert has_card_number(f"{card}@example.com")


@given(st.text("0123456789", min_size=12, max_size=18))
def test_each_run_of_digits_has_exactly_one_check_digit(digits: str) -> None:
    completed = [digits + last for last in "0123456789"]

    assert sum(looks_like_card_number(number) for number in completed) == 1


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    assert has_card_number(text) in (True, False)
    assert without_card_numbers(text) is not None


def test_ids_and_clocks_are_hardly_ever_taken_for_cards() -> None:
    rng = random.Random(1)
    ids = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(20_000)]
    clocks = [str(1_763_000_000_000 + rng.getrandbits(30)) for _ in range(20_000)]

    assert sum(map(is_card_as_header, [*ids, *clocks])) == 0
    assert sum(map(has_card_number, ids)) < 10


def test_a_long_text_of_digits_is_judged_quickly() -> None:
    texts = ["1 2 " * 16_000, "9" * 64_000 + "a", "4 2" * 20_000, "1-" * 30_000]

    started = time.perf_counter()
    judged = [has_card_number(text) for text in texts]

    assert judged == [True, False, True, True]  # what cannot be looked through is refused
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("name", ["cvv", "CVC", "card_cvv", "securityCode", "card-number", "PAN", "cvv2"])
def test_fields_for_a_cards_secrets_are_known_by_name(name: str) -> None:
    assert is_card_field(name)


@pytest.mark.parametrize("name", ["", "token", "number", "passport_number", "company", "cv", "c" * 500])
def test_other_fields_are_not(name: str) -> None:
    assert not is_card_field(name)


def test_a_masked_text_keeps_the_rest() -> None:
    text = f"pan={CARD} at 2026-11-22 20:09:01, 1763841234.123456, tok_{CARD}"

    assert without_card_numbers(text) == f"pan=[card] at 2026-11-22 20:09:01, 1763841234.123456, tok_{CARD}"
