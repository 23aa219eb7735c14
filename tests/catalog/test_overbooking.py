"""How much may be sold beyond a cabin, by the setting."""

import pytest
from pytest_django import Settings

from catalog.checks import overbooking_is_readable
from catalog.overbooking import most_over, parse_limits

CABINS = ("economy", "business", "first")


def test_a_cabin_may_be_overbooked_by_its_share_in_whole_seats() -> None:
    limits = parse_limits("economy=5, business=0", cabins=CABINS)

    found = [most_over(limits, cabin=cabin, capacity=110) for cabin in ("economy", "business", "first", "")]
    assert found == [5, 0, 0, 0]


def test_nothing_said_is_nothing_allowed() -> None:
    assert parse_limits("", cabins=CABINS) == {}


@pytest.mark.parametrize("text", ["economy", "economy=", "economy=-1", "economy=101", "economy=five", "econmy=5"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="percentage"):
        parse_limits(text, cabins=CABINS)


def test_a_typo_in_the_setting_is_told_at_the_start(settings: Settings) -> None:
    assert overbooking_is_readable() == []

    settings.ALTIS_OVERBOOKING = "econmy=5"

    [error] = overbooking_is_readable()
    assert (error.id, "econmy=5" in error.msg) == ("catalog.E001", True)
