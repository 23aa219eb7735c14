"""What is asked for at accept, checked against the offer: ages on the day, types in order."""

from datetime import date

import pytest

from orders.errors import PassengerMismatch, PassengerTypeMismatch
from orders.placing import Traveller, age_on, check_travellers, fits

DAY = date(2026, 12, 10)


@pytest.mark.parametrize(
    ("born_on", "age"),
    [
        (date(1990, 12, 10), 36),
        (date(1990, 12, 11), 35),
        (date(2026, 12, 10), 0),
        (date(2026, 12, 11), -1),
        (date(2024, 2, 29), 2),
    ],
)
def test_age_is_in_whole_years_on_the_day(born_on: date, age: int) -> None:
    assert age_on(born_on, DAY) == age


def test_somebody_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() -> None:
    born_on = date(2024, 2, 29)

    assert [age_on(born_on, day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2028, 2, 29))] == [1, 2, 4]


@pytest.mark.parametrize(
    ("type", "ages"), [("infant", range(0, 2)), ("child", range(2, 12)), ("adult", range(12, 121))]
)
def test_each_type_has_its_ages(type: str, ages: range) -> None:
    assert [age for age in range(-3, 121) if fits(type, age)] == list(ages)


def test_those_who_were_searched_for_may_travel() -> None:
    adult, child = Traveller("A", "B", date(1990, 1, 1)), Traveller("C", "D", date(2020, 1, 1))

    check_travellers(["adult", "child"], [adult, child], departs_on=DAY)


def test_others_may_not() -> None:
    adult, child = Traveller("A", "B", date(1990, 1, 1)), Traveller("C", "D", date(2020, 1, 1))

    with pytest.raises(PassengerMismatch):
        check_travellers(["adult"], [adult, child], departs_on=DAY)
    with pytest.raises(PassengerTypeMismatch) as refusal:
        check_travellers(["adult", "child"], [child, adult], departs_on=DAY)

    assert [fault.pointer for fault in refusal.value.faults] == ["/passengers/0/born_on", "/passengers/1/born_on"]
