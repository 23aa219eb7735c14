"""The newest lines of the audit, however many there are."""

from django.db.models import QuerySet
from django.db.models.sql.datastructures import BaseTable

from altis.audit.models import Entry, Source

_TABLE = Entry._meta.db_table


def newest(entries: QuerySet[Entry], *, first: int, last: int) -> QuerySet[Entry]:
    """Those from `first` to before `last` of these entries, newest first.

    Each source gives its newest, found by index, and these are merged. PostgreSQL would read and sort two of the
    sources whole: it keeps no order of a part of a union that has a condition of its own.
    """
    parts = [_of_one(entries, source).order_by("-at", "-id")[:last] for source in Source.values]
    found: QuerySet[Entry] = parts[0].union(*parts[1:], all=True).order_by("-at", "-id")[first:last]
    return found


def one(key: str) -> Entry | None:
    """The entry with this id, such as `order-evt_01…`; by the view of its source alone."""
    source = "" if "\x00" in key else key.partition("-")[0]
    return _of_one(Entry.objects.filter(pk=key), source).first() if source in Source.values else None


def _of_one(entries: QuerySet[Entry], source: str) -> QuerySet[Entry]:
    """The same question, put to the view of one source under the name of the view of all."""
    rows = entries.order_by()
    rows.query.get_initial_alias()
    rows.query.alias_map[_TABLE] = BaseTable(f"{_TABLE}_{source}", _TABLE)
    return rows
