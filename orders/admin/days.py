"""The strip of days above the list: months, then the days of one, then one day. It asks the database nothing.

It is no date hierarchy (`altis.store.admin.days`): it also names what is no month, such as the last seven days, and
sets the two fields of the filters, whose addresses the first page links to and staff have kept.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date

FROM, TO = "placed_from", "placed_to"
_MONTHS = 12
_DAY = timedelta(days=1)


def day_of(text: Any) -> date | None:
    """`2026-11-23` as a day; None for what is no day."""
    try:
        return parse_date(str(text or "").strip())
    except ValueError:  # the 30th of February
        return None


def strip(asked: QueryDict, today: date) -> list[dict[str, Any]]:
    """Links, each with `title`, `link` and whether it is `chosen`; other filters stay as they are."""
    first, last = day_of(asked.get(FROM)), day_of(asked.get(TO))
    if first is None or last is None or (first.year, first.month) != (last.year, last.month):
        return _months(asked, today)
    begins = first.replace(day=1)
    whole = [_link(asked, "All days", None, None), _link(asked, f"{begins:%b %Y}", begins, _end(begins))]
    until = min(_end(begins), today) if begins <= today else _end(begins)
    days = [begins + number * _DAY for number in range((until - begins).days + 1)]
    return whole + [_link(asked, str(day.day), day, day) for day in days]


def _months(asked: QueryDict, today: date) -> list[dict[str, Any]]:
    months, begins = [], today.replace(day=1)
    for _ in range(_MONTHS):
        months.append(_link(asked, f"{begins:%b %Y}", begins, _end(begins)))
        begins = (begins - _DAY).replace(day=1)
    recent = [("Today", today, today), ("Yesterday", today - _DAY, today - _DAY), ("7 days", today - 6 * _DAY, today)]
    return [_link(asked, *each) for each in recent] + months


def _link(asked: QueryDict, title: str, first: date | None, last: date | None) -> dict[str, Any]:
    query = asked.copy()
    for name, day in ((FROM, first), (TO, last)):
        query.pop(name, None)
        if day is not None:
            query[name] = day.isoformat()
    query.pop("p", None)
    chosen = first is not None and (day_of(asked.get(FROM)), day_of(asked.get(TO))) == (first, last)
    return {"title": title, "link": f"?{query.urlencode()}", "chosen": chosen}


def _end(begins: date) -> date:
    return begins.replace(day=monthrange(begins.year, begins.month)[1])
