"""What the list of orders is narrowed by. No filter reads all orders to know its choices."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import TextFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.admin.bundle_filter import BundleFilter
from catalog.models import Hold
from orders.admin.days import FROM, TO, day_of
from orders.models import Order

_DAY = timedelta(days=1)


class _DayForm:
    """Mixin: the one field of the filter's form as a date that every browser helps to pick."""

    def choices(self, changelist: Any) -> Any:
        """The form."""
        for choice in super().choices(changelist):  # type: ignore[misc]  # of the filter it is mixed into
            for field in choice["form"].fields.values():
                field.widget = UnfoldAdminTextInputWidget(attrs={"type": "date"})
            yield choice


class CurrencyFilter(TextFilter):
    """What was paid in."""

    title = "currency (USD)"
    parameter_name = "currency"

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """The orders in this currency."""
        code = _text(self.value()).upper()
        return queryset.filter(currency=code) if code else queryset


class PlacedFrom(_DayForm, TextFilter):
    """Placed on this day or later."""

    title = "day placed, from"
    parameter_name = FROM

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """Nothing is left out for what is no day."""
        day = day_of(self.value())
        return queryset.filter(created_at__gte=day.isoformat() + "T00:00Z") if day else queryset


class PlacedTo(_DayForm, TextFilter):
    """Placed on this day or earlier."""

    title = "day placed, to"
    parameter_name = TO

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """The whole day belongs to it."""
        day = day_of(self.value())
        return queryset.filter(created_at__lt=(day + _DAY).isoformat() + "T00:00Z") if day else queryset


class FlightFilter(TextFilter):
    """With a seat on a flight: `AL 101`, or the id of one departure."""

    title = "flight (AL 101)"
    parameter_name = "flight"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """On the chosen day of departure, when one is chosen too."""
        flight = _flight(_text(self.value()))
        if flight is None:
            return queryset
        day = day_of(request.GET.get(DepartureFilter.parameter_name))
        return queryset.filter(_aboard(flight & Q(inventory__flight__departure_date=day) if day else flight))


class DepartureFilter(_DayForm, TextFilter):
    """With a flight that departs on a day, at the origin."""

    title = "day of departure"
    parameter_name = "departs"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """The flight's own filter has looked at the day already, when there is one."""
        day = day_of(self.value())
        if day is None or _flight(_text(request.GET.get(FlightFilter.parameter_name))) is not None:
            return queryset
        return queryset.filter(_aboard(Q(inventory__flight__departure_date=day)))


FILTERS = ("status", BundleFilter, FlightFilter, DepartureFilter, PlacedFrom, PlacedTo, CurrencyFilter)


def _aboard(flights: Q) -> Q:
    """Orders that hold or held something there, by their holds: these are kept, and found by their inventory."""
    return Q(pk__in=Hold.objects.filter(flights).values("order_id"))


def _flight(text: str) -> Q | None:
    if text.lower().startswith("flt_"):
        return Q(inventory__flight=text.lower())
    plain = text.replace(" ", "").replace("-", "").upper()
    carrier, number = plain[:2], plain[2:]
    if not number:
        return None
    # Typed with or without the zeros that timetables write.
    numbers = {number, number.zfill(4), number.lstrip("0")}
    return Q(inventory__flight__carrier=carrier, inventory__flight__flight_number__in=numbers)


def _text(value: Any) -> str:
    return str(value or "").strip()
