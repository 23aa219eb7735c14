"""Lists that take any address: what nobody offers is refused, and what cannot be read leads back to the whole list."""

from typing import Any, ClassVar

from django.contrib.admin import ShowFacets
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import FieldDoesNotExist
from django.db import DataError
from django.http import HttpRequest
from unfold.views import ChangeList

from altis.shared.clock import now
from altis.store.admin.days import HISTORY, hierarchy

# What filters, date hierarchies and links of this site ask of a column.
_ASKED = frozenset(("", "exact", "in", "isnull", "gt", "gte", "lt", "lte", "year", "month", "day"))
_UNREADABLE = (ValueError, OverflowError, DataError)


class SteadyList(ChangeList):
    """Django's list, which answers the year 9999, a NUL or a number beyond the column as it does other nonsense."""

    days: dict[str, Any] | None = None

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """As ever, with its own days where the page has a date hierarchy."""
        super().__init__(request, *args, **kwargs)
        if self.date_hierarchy:
            self.days = hierarchy(request.GET, self.date_hierarchy, now().date(), self.model_admin.months)

    def get_queryset(self, *args: Any, **kwargs: Any) -> Any:
        """Without the columns that are only shown on the page of a row."""
        return super().get_queryset(*args, **kwargs).defer(*self.model_admin.not_listed)

    def get_ordering_field(self, field_name: Any) -> Any:
        """Only what the heads of the columns offer: Django would sort by others too when the address says so."""
        return super().get_ordering_field(field_name) if field_name in self.sortable_by else None

    def get_filters(self, request: HttpRequest) -> Any:
        """As ever; raises IncorrectLookupParameters for whatever is no day, which Django sends back to the list."""
        try:
            return super().get_filters(request)
        except _UNREADABLE as error:
            raise IncorrectLookupParameters from error

    def get_results(self, request: HttpRequest) -> None:
        """Read the rows here: in the template, where Django would, nobody can say any more that they cannot be."""
        try:
            super().get_results(request)
            len(self.result_list)
        except _UNREADABLE as error:
            raise IncorrectLookupParameters from error


class SteadyLists:
    """Mixed into a page before its ModelAdmin.

    Django lets an address ask anything of every column of the model: `password__startswith`, or a regular expression
    over the whole table. Here it may ask what the page's own filters do, and of the columns in `also_asked`.
    """

    months = HISTORY  # of a date hierarchy: the first and the last, counted from this one
    not_listed: ClassVar[tuple[str, ...]] = ()  # large columns, which no column of the list reads
    also_asked: ClassVar[tuple[str, ...]] = ()
    show_facets = ShowFacets.NEVER  # a count of the whole table for each choice of each filter

    def get_changelist(self, request: HttpRequest, **_kwargs: Any) -> type[SteadyList]:
        """The list above."""
        return SteadyList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Whether a parameter is one of a filter, or no column at all; Django answers 400 to others."""
        page: Any = self
        filters = page.get_list_filter(request)
        if lookup in {getattr(each, "parameter_name", None) for each in filters}:
            return True
        paths = {each[0] if isinstance(each, list | tuple) else each for each in filters}
        paths |= {page.date_hierarchy, *self.also_asked}
        if any(_asks(lookup, path, page.model) for path in paths if isinstance(path, str)):
            return True
        return not _is_column(lookup, page.model)


def _is_column(lookup: str, model: Any) -> bool:
    name = lookup.partition("__")[0]
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return name == "pk"
    return True


def _asks(lookup: str, path: str, model: Any) -> bool:
    """Whether `groups__id__exact` is what the filter `groups` asks."""
    if lookup != path and not lookup.startswith(f"{path}__"):
        return False
    field = model._meta.get_field(path.partition("__")[0])
    target = f"{field.target_field.name}__" if field.is_relation and "__" not in path else ""
    return lookup.removeprefix(path).removeprefix("__").removeprefix(target) in _ASKED
