"""A date hierarchy that asks the database nothing: Django's own reads the whole table to know its months.

The addresses are Django's: `at__year=2026&at__month=11&at__day=23`.
"""

from calendar import monthrange
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format

HISTORY, DEPARTURES = (-11, 0), (-1, 10)
_DIGITS = 4  # of a year
Link = dict[str, Any]


def hierarchy(asked: QueryDict, field: str, today: date, months: tuple[int, int]) -> dict[str, Any]:
    """What the theme's `date_hierarchy.html` shows: the way back, and the months, or the days of the chosen month.

    Without a choice `months`, from the first to the last, counted from this one; of a year that was asked for, its own.
    """
    year, month, day = (_number(asked.get(f"{field}__{part}")) for part in ("year", "month", "day"))
    links = _Links(asked, field)
    try:
        begins = date(today.year if year is None else year, 1 if month is None else month, 1 if day is None else day)
    except (ValueError, OverflowError):
        year = None
    if year is None:
        return {"show": True, "back": None, "choices": _around(links, today, months)}
    if month is None:
        choices = [links.month(date(year, number, 1)) for number in range(1, 13)]
        return {"show": True, "back": links.everything(), "choices": choices}
    if day is None:
        last = monthrange(year, month)[1]
        days = [links.day(begins.replace(day=number)) for number in range(1, last + 1)]
        return {"show": True, "back": links.everything(), "choices": days}
    return {"show": True, "back": links.month(begins), "choices": [{"title": date_format(begins, "F j, Y")}]}


def _around(links: "_Links", today: date, months: tuple[int, int]) -> list[Link]:
    """Today, and some months: what is over newest first, what comes next first."""
    this, (first, last) = today.year * 12 + today.month - 1, months
    numbers = [this + number for number in range(first, last + 1)]
    shown = numbers if last > 0 else reversed(numbers)
    return [{**links.day(today), "title": "Today"}, *(links.month(date(at // 12, at % 12 + 1, 1)) for at in shown)]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


class _Links:
    """Addresses of the same list on other days; its other filters stay as they are, and it begins at its first page."""

    def __init__(self, asked: QueryDict, field: str) -> None:
        self._asked, self._field = asked, field

    def everything(self) -> Link:
        return {"title": "All dates", "link": self._address()}

    def month(self, day: date) -> Link:
        return {"title": date_format(day, "F Y"), "link": self._address(year=day.year, month=day.month)}

    def day(self, day: date) -> Link:
        link = self._address(year=day.year, month=day.month, day=day.day)
        return {"title": date_format(day, "F j"), "link": link}

    def _address(self, **parts: int) -> str:
        query = self._asked.copy()
        for name in [name for name in query if name in ("p", "e") or name.startswith(f"{self._field}__")]:
            del query[name]
        query.update({f"{self._field}__{name}": str(number) for name, number in parts.items()})
        return f"?{query.urlencode()}"
