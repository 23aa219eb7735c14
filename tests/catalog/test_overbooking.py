"""How much may be sold beyond a cabin, by the setting."""

import pytest

from catalog.overbooking import most_over, parse_limits


def test_a_cabin_may_be_overbooked_by_its_share_in_whole_seats() -> None:
    limits = parse_limits("economy=5, business=0")

    found = [most_over(limits, cabin=cabin, capacity=110) for cabin in ("economy", "business", "first", "")]
    assert found == [5, 0, 0, 0]


def test_nothing_said_is_nothing_allowed() -> None:
    assert parse_limits("") == {}


@pytest.mark.parametrize("text", ["economy", "economy=", "economy=-1", "economy=101", "economy=five"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="percentage"):
        parse_limits(text)
