"""A filter by whole days, for columns of instants."""

from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.utils import parse_date_str

_DAY = timedelta(days=1)


class DaysFilter(RangeDateFilter):
    """From the first to the last day, both whole, in UTC; the theme's own would stop at the last midnight."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What cannot be read as a day is no bound."""
        first, last = self._midnight("from"), self._midnight("to")
        if first is not None:
            queryset = queryset.filter(**{f"{self.field_path}__gte": first})
        if last is not None and last.year < MAXYEAR:
            queryset = queryset.filter(**{f"{self.field_path}__lt": last + _DAY})
        return queryset

    def _midnight(self, end: str) -> datetime | None:
        text = self.used_parameters.get(f"{self.parameter_name}_{end}")
        day: date | None = parse_date_str(text) if isinstance(text, str) else None
        return None if day is None else datetime.combine(day, time.min, UTC)
