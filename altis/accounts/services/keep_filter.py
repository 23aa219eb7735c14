"""Keeping the filters of a list under a name."""

from typing import Final

from altis.accounts.errors import NotAFilter, TooManyFilters
from altis.accounts.models import SavedFilter, User
from altis.shared.errors import Unauthenticated
from altis.store.database import command

MOST: Final = 20
LONGEST_NAME: Final = 40
LONGEST_QUERY: Final = 500


def keep_filter(*, owner: User, page: str, name: str, query: str) -> SavedFilter:
    """Keep a list's filters, as in its address, in the place of what had this name; returns what is kept.

    `query` is without what was searched for, which may be somebody's name: whoever calls has taken it out.

    Raises NotAFilter for a name or filters that are none, TooManyFilters beyond MOST of one list, and Unauthenticated
    when the account was shut meanwhile.
    """
    title = " ".join(name.split())
    if not 0 < len(title) <= LONGEST_NAME or not title.isprintable():
        raise NotAFilter(f"Give it a name of 1 to {LONGEST_NAME} characters.")
    if not 0 < len(query) <= LONGEST_QUERY:
        raise NotAFilter("Narrow the list by a filter first. What was searched for is not kept.")
    if "@" in title or "@" in query or "%40" in query:
        raise NotAFilter("An address is personal data, and is not kept here.")
    with command():
        # Under the owner's lock there is no second tab, and no erasure that would miss the row.
        if User.objects.select_for_update(no_key=True).filter(pk=owner.pk, is_active=True).only("pk").first() is None:
            raise Unauthenticated
        mine = SavedFilter.objects.filter(owner=owner, page=page)
        if mine.exclude(name=title).count() >= MOST:
            raise TooManyFilters(f"You keep {MOST} filters of this list already: delete one first.")
        row, _ = SavedFilter.objects.update_or_create(owner=owner, page=page, name=title, defaults={"query": query})
    return row
