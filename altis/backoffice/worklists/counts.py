"""How much waits on each list: one query for all, remembered for a few seconds, since every page shows it."""

from django.core.cache import cache

from altis.backoffice.counting import count_many
from altis.backoffice.worklists.lists import LISTS

_KEY = "backoffice:worklists"
_SECONDS = 5
Counts = dict[str, int | None]


def counts() -> Counts:
    """Rows by list, at most a few seconds old; None where nobody knows."""
    known = cache.get(_KEY)
    if isinstance(known, dict):
        return known
    found = count_now()
    cache.set(_KEY, found, _SECONDS)
    return found


def count_now() -> Counts:
    """Rows by list, counted."""
    found = count_many({each.name: each.waiting() for each in LISTS if each.waiting is not None})
    return {each.name: each.count() if each.count else found[each.name] for each in LISTS}


def forget() -> None:
    """Count anew when asked next: something was done."""
    cache.delete(_KEY)
