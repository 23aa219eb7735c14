"""Cursor paging on a unique sort key: stable while rows are inserted, since a cursor names a place, not a number."""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.timezone import is_naive

from altis.shared.errors import Invalid

M = TypeVar("M", bound=Model)
_BASE64 = re.compile(r"[A-Za-z0-9_-]{1,500}")


class InvalidCursor(Invalid):
    """An `after` that no page has given."""

    code = "invalid_cursor"
    message = "This cursor was not given by this list."


def page(
    queryset: QuerySet[M],
    *,
    key: Sequence[str],
    limit: int,
    after: str,
    present: Callable[[M], dict[str, Any]],
    prepare: Callable[[list[M]], None] | None = None,
) -> dict[str, Any]:
    """One page as `{"data": [...], "next": cursor or None}`; raises InvalidCursor.

    `key` is an ordering such as `("-created_at", "-id")`: never null, and unique as a whole. `prepare` sees all rows
    of the page before the first is presented, to load at once what each of them needs.
    """

    def read(place: Sequence[Any] | None, most: int) -> list[M]:
        rows = queryset.filter(_beyond(key, place)) if place else queryset
        return list(rows.order_by(*key)[:most])

    return page_of(queryset.model, read, key=key, limit=limit, after=after, present=present, prepare=prepare)


def page_of(
    model: type[M],
    read: Callable[[Sequence[Any] | None, int], list[M]],
    *,
    key: Sequence[str],
    limit: int,
    after: str,
    present: Callable[[M], dict[str, Any]],
    prepare: Callable[[list[M]], None] | None = None,
) -> dict[str, Any]:
    """The same of rows that `read` finds: behind the row with these values of `key` (None: from the start), so many."""
    rows = read(place_of(model, key, after) if after else None, limit + 1)
    following = cursor_of(rows[limit - 1], key) if len(rows) > limit else None
    if prepare is not None:
        prepare(rows[:limit])
    return {"data": [present(row) for row in rows[:limit]], "next": following}


def _beyond(key: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after this place in the order: `a > x OR (a = x AND b > y)`, led by `a >= x` for the index."""
    beyond, same = Q(), Q()
    for name, value in zip(key, values, strict=True):
        field, comparison = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        beyond |= same & Q(**{f"{field}__{comparison}": value})
        same &= Q(**{field: value})
    first, comparison = key[0].lstrip("-"), "lte" if key[0].startswith("-") else "gte"
    return Q(**{f"{first}__{comparison}": values[0]}) & beyond


def cursor_of(row: object, key: Sequence[str]) -> str:
    """The cursor that names the place of a row, which has an attribute for each part of the key."""
    values = [getattr(row, name.lstrip("-")) for name in key]
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(orjson.dumps(texts)).rstrip(b"=").decode()


def place_of(model: type[Model], key: Sequence[str], cursor: str) -> list[Any]:
    """The values of the key that a cursor names; raises InvalidCursor."""
    if not _BASE64.fullmatch(cursor):
        raise InvalidCursor.at("/after")
    try:
        texts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor.at("/after") from error
    if not isinstance(texts, list) or len(texts) != len(key):
        raise InvalidCursor.at("/after")
    return [_value(model, name.lstrip("-"), text) for name, text in zip(key, texts, strict=True)]


def _value(model: type[Model], name: str, text: object) -> Any:
    if not isinstance(text, str) or not text or "\x00" in text:
        raise InvalidCursor.at("/after")
    try:
        value = cast("Field[Any, Any]", model._meta.get_field(name)).to_python(text)
    except (ValidationError, ValueError, OverflowError) as error:
        raise InvalidCursor.at("/after") from error
    if value is None or (isinstance(value, datetime) and is_naive(value)):
        raise InvalidCursor.at("/after")
    return value
