"""The filters of the list of flights."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter, TextFilter

from altis.shared.clock import now
from catalog.admin.finding import flights_like
from catalog.models import Flight, Inventory

Choices = Sequence[tuple[str, str]]


class RouteFilter(TextFilter):
    """`LHR-JFK` or one airport."""

    title = "route, as LHR-JFK"
    parameter_name = "route"

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Flight]) -> QuerySet[Flight]:
        """Those of the route; none for what is no route."""
        text = (self.value() or "").strip()
        if not text:
            return queryset
        condition = flights_like(text)
        return queryset.none() if condition is None else queryset.filter(condition)


class WhenFilter(DropdownFilter):
    """Upcoming flights, unless somebody asks for a date or for other ones."""

    title = "departure"
    parameter_name = "when"
    all_option: Any = ("", "Upcoming")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self._asks = any(name == "q" or name.startswith("departure_date") for name, text in request.GET.items() if text)

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        """All that is not the usual."""
        return (("past", "Departed"), ("all", "All dates"))

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Flight]) -> QuerySet[Flight]:
        """By the instant of departure."""
        if self.value() == "past":
            return queryset.filter(departing_at__lt=now())
        return queryset if self.value() == "all" or self._asks else queryset.filter(departing_at__gte=now())


class SalesFilter(DropdownFilter):
    """On sale, closed, cancelled."""

    title = "sales"
    parameter_name = "sales"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        """The three states."""
        return (("open", "On sale"), ("closed", "Closed"), ("cancelled", "Cancelled"))

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Flight]) -> QuerySet[Flight]:
        """A cancelled flight counts as cancelled only."""
        states: dict[str | None, dict[str, bool]] = {
            "open": {"sales_open": True},
            "closed": {"sales_open": False, "cancelled_at__isnull": True},
            "cancelled": {"cancelled_at__isnull": False},
        }
        return queryset.filter(**states.get(self.value(), {}))


class FullFilter(DropdownFilter):
    """Flights with a cabin that is nearly full."""

    title = "fullest cabin"
    parameter_name = "full"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Choices:
        """Shares of the capacity that are held and sold."""
        return (("80", "80 % and more"), ("90", "90 % and more"), ("100", "Full"), ("over", "Overbooked"))

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Flight]) -> QuerySet[Flight]:
        """Any cabin will do."""
        value = self.value()
        if value not in ("80", "90", "100", "over"):
            return queryset
        cabins = Inventory.objects.filter(flight=OuterRef("pk"), product__isnull=True, capacity__gt=0)
        gone = F("held") + F("sold")
        if value == "over":
            return queryset.filter(Exists(cabins.filter(capacity__lt=gone)))
        return queryset.filter(Exists(cabins.annotate(gone=gone * 100).filter(gone__gte=F("capacity") * int(value))))
