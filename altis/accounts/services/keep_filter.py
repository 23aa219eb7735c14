"""Keeping the filters of a list under a name."""

from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from altis.accounts.errors import NotAFilter, TooManyFilters
from altis.accounts.models import SavedFilter, User
from altis.shared.errors import Unauthenticated
from altis.store.database import command

MOST: Final = 20
_LONGEST_NAME, _LONGEST_QUERY = 40, 500
# What was searched for, which may be a name; the number of a page; and what the back-office tells itself.
_NOT_KEPT: Final = frozenset({"q", "p", "all", "e", "_facets", "_popup", "_to_field"})


def keep_filter(*, owner: User, page: str, name: str, query: str) -> SavedFilter:
    """Keep a list's filters, as in its address, in the place of what had this name; returns what is kept.

    Raises NotAFilter for a name or filters that are none, TooManyFilters beyond MOST of one list, and Unauthenticated
    when the account was shut meanwhile.
    """
    title, kept = " ".join(name.split()), kept_query(query)
    if not 0 < len(title) <= _LONGEST_NAME or not title.isprintable():
        raise NotAFilter
    if not kept or len(kept) > _LONGEST_QUERY:
        raise NotAFilter("Narrow the list by a filter first. What was searched for is not kept.")
    if "@" in title or "%40" in kept:
        raise NotAFilter("An address is personal data, and is not kept here.")
    with command():
        # Under the owner's lock there is no second tab, and no erasure that would miss the row.
        if User.objects.select_for_update(no_key=True).filter(pk=owner.pk, is_active=True).only("pk").first() is None:
            raise Unauthenticated
        mine = SavedFilter.objects.filter(owner=owner, page=page)
        if mine.exclude(name=title).count() >= MOST:
            raise TooManyFilters
        row, _ = SavedFilter.objects.update_or_create(owner=owner, page=page, name=title, defaults={"query": kept})
    return row


def kept_query(query: str) -> str:
    """Of a list's address what is worth keeping, always spelt alike; "" for nothing."""
    asked = QueryDict(query[: 2 * _LONGEST_QUERY])
    pairs = ((name, value) for name, values in asked.lists() if name not in _NOT_KEPT for value in values if value)
    return urlencode(sorted(pairs))
