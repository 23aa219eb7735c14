"""Of a list's address, what is worth keeping. Pure but for Django's reading of addresses."""

from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from altis.accounts.services.keep_filter import LONGEST_QUERY

# What was searched for, which may be a name; the number of a page; and what the back-office tells itself.
_NOT_KEPT: Final = frozenset({"q", "p", "all", "e", "_facets", "_popup", "_to_field"})


def kept_query(query: str) -> str:
    """The filters and the order of the rows, always spelt alike; "" for nothing."""
    asked = QueryDict(query[: 2 * LONGEST_QUERY])
    pairs = ((name, value) for name, values in asked.lists() if name not in _NOT_KEPT for value in values if value)
    return urlencode(sorted(pairs))
