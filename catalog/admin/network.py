"""Airports, aircraft, and schedules with their fares."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from altis.store.admin.reasons import AsksWhy
from catalog.admin.exchange import Exchange
from catalog.admin.network_forms import AirportForm, ScheduleForm
from catalog.admin.prices import FareForm, PricesFirst, ReasonForm
from catalog.admin.resources import FareResource, ScheduleResource
from catalog.models import Aircraft, AircraftCabin, Airport, Fare, Schedule

_DAYS = dict(zip("1234567", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))


def spoken(weekdays: str) -> str:
    """`135` as `Mon Wed Fri`; all seven as `Daily`."""
    return "Daily" if len(weekdays) == len(_DAYS) else " ".join(_DAYS[day] for day in weekdays if day in _DAYS)


@admin.register(Airport)
class AirportAdmin(AsksWhy, ModelAdmin):
    """Airports by IATA code."""

    form = AirportForm
    list_display = ("code", "name", "city", "country", "time_zone")
    list_filter = ("country",)
    search_fields = ("=code", "name", "city")


class AircraftCabinInline(TabularInline):
    """The cabins of a layout."""

    model = AircraftCabin
    extra = 0
    hide_title = True


@admin.register(Aircraft)
class AircraftAdmin(AsksWhy, ModelAdmin):
    """Aircraft with their seat rows."""

    form = ReasonForm
    list_display = ("code", "name")
    search_fields = ("=code", "name")
    inlines = (AircraftCabinInline,)


class FareInline(TabularInline):
    """The base fares of a schedule."""

    model = Fare
    form = FareForm
    extra = 0
    hide_title = True


@admin.register(Schedule)
class ScheduleAdmin(Exchange, PricesFirst):
    """Flight numbers with their timetable and base fares."""

    form = ScheduleForm
    resource_classes = (ScheduleResource, FareResource)
    list_display = ("carrier", "flight_number", "origin", "destination", "departs_at", "days", "aircraft")
    list_select_related = ("origin", "destination", "aircraft")
    list_filter = ("aircraft",)
    search_fields = ("carrier", "=flight_number", "=origin__code", "=destination__code")
    autocomplete_fields = ("origin", "destination", "aircraft")
    inlines = (FareInline,)

    @admin.display(description="Weekdays", ordering="weekdays")
    def days(self, schedule: Schedule) -> str:
        """`Mon Wed Fri`, or `Daily`."""
        return spoken(schedule.weekdays)
