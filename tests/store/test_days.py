"""A date hierarchy without a question to the database."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from altis.store.admin.days import DEPARTURES, HISTORY, hierarchy

TODAY = date(2026, 11, 23)


def _shown(query: str, months: tuple[int, int] = HISTORY) -> dict[str, Any]:
    return hierarchy(QueryDict(query), "at", TODAY, months)


def test_without_a_choice_the_last_twelve_months_are_shown_newest_first() -> None:
    shown = _shown("q=AL&p=7")

    assert shown["back"] is None
    assert [choice["title"] for choice in shown["choices"]][:3] == ["Today", "November 2026", "October 2026"]
    assert len(shown["choices"]) == 13
    assert shown["choices"][1]["link"] == "?q=AL&at__year=2026&at__month=11"


def test_departures_begin_a_month_ago_and_go_on_ahead() -> None:
    titles = [choice["title"] for choice in _shown("", DEPARTURES)["choices"]]

    assert titles[1:4] == ["October 2026", "November 2026", "December 2026"]
    assert titles[-1] == "September 2027"


def test_a_month_shows_its_days_and_a_day_itself() -> None:
    of_month, of_day = _shown("at__year=2028&at__month=2"), _shown("at__year=2028&at__month=2&at__day=29")

    assert (len(of_month["choices"]), of_month["back"]["link"]) == (29, "?")
    assert of_month["choices"][28]["link"] == "?at__year=2028&at__month=2&at__day=29"
    assert of_day["choices"] == [{"title": "February 29, 2028"}]
    assert of_day["back"]["link"] == "?at__year=2028&at__month=2"


def test_a_year_shows_its_months() -> None:
    assert [choice["title"] for choice in _shown("at__year=2024")["choices"]][0::11] == [
        "January 2024",
        "December 2024",
    ]


@pytest.mark.parametrize(
    "query", ["at__year=0", "at__year=9999999", "at__year=x", "at__year=2026&at__month=13", "at__day=5"]
)
def test_what_is_no_day_is_no_choice(query: str) -> None:
    assert len(_shown(query)["choices"]) == 13
