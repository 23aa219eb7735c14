"""The query of a valid list of flights. Whatever is odd about one is for the serializer to judge."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from altis.shared.cards import has_card_number

_PLAIN = re.compile(r"[A-Za-z0-9_=&-]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMES = frozenset(("origin", "destination", "departure_date", "limit", "after"))
_NEEDED = frozenset(("origin", "destination", "departure_date"))
_YEARS = range(1900, 2201)
_LIMITS, _USUAL = range(1, 201), "50"
_LONGEST_QUERY, _LONGEST_CODE, _LONGEST_CURSOR = 700, 40, 500


class FlightsQuery(NamedTuple):
    """Which flights."""

    origin: str
    destination: str
    departure_date: date
    limit: int
    after: str


@lru_cache(maxsize=2048)
def flights_query(query: str) -> FlightsQuery | None:
    """What is asked for; None for every query that is not plainly valid: an escape, a name twice, an unknown name."""
    if len(query) > _LONGEST_QUERY or not _PLAIN.fullmatch(query):
        return None
    pairs = [part.split("=") for part in query.split("&")]
    if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004  (a name and a value)
        return None
    given = {name: value for name, value in pairs}  # noqa: C416  (lists of two, which dict() does not take for mypy)
    if len(given) != len(pairs) or not given.keys() >= _NEEDED or not given.keys() <= _NAMES:
        return None
    day, limit, after = _day(given["departure_date"]), given.get("limit", _USUAL), given.get("after", "")
    short = 0 < len(given["origin"]) <= _LONGEST_CODE and 0 < len(given["destination"]) <= _LONGEST_CODE
    # Not longer than "200", and without leading zeroes: those are rare enough for the serializer.
    plain = limit.isdigit() and limit[0] != "0" and len(limit) <= len("200") and int(limit) in _LIMITS
    if day is None or not short or not plain or len(after) > _LONGEST_CURSOR:
        return None
    if any(has_card_number(given[name]) for name in ("origin", "destination")) or has_card_number(after):
        return None
    return FlightsQuery(given["origin"], given["destination"], day, int(limit), after)


def _day(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None
