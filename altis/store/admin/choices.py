"""Filters by one of a few values that are known: Django's own would read the whole table to know them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest


def one_of(column: str, values: Iterable[str]) -> type[SimpleListFilter]:
    """A filter of a column without choices of its own: `?outcome=applied`."""
    known = [(value, value) for value in values]

    class OneOf(SimpleListFilter):
        """The rows with the chosen value, or all."""

        parameter_name = column

        def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
            return known

        def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{column: self.value()}) if self.value() else queryset

    OneOf.title = column.replace("_", " ")
    return OneOf
