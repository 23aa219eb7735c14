"""Airports, aircraft, schedules with their fares, and dated flights."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline

from altis.store.admin.readonly import unbroken
from catalog.admin.prices import PricesFirst
from catalog.models import Aircraft, AircraftCabin, Airport, Fare, Flight, Inventory, Schedule


@admin.register(Airport)
class AirportAdmin(ModelAdmin):
    """Airports by IATA code."""

    list_display = ("code", "name", "city", "country", "time_zone")
    list_filter = ("country",)
    search_fields = ("=code", "name", "city")


class AircraftCabinInline(TabularInline):
    """The cabins of a layout."""

    model = AircraftCabin
    extra = 0


@admin.register(Aircraft)
class AircraftAdmin(ModelAdmin):
    """Aircraft with their seat rows."""

    list_display = ("code", "name")
    search_fields = ("=code", "name")
    inlines = (AircraftCabinInline,)


class FareInline(TabularInline):
    """The base fares of a schedule."""

    model = Fare
    extra = 0


@admin.register(Schedule)
class ScheduleAdmin(PricesFirst):
    """Flight numbers with their timetable and base fares."""

    list_display = ("carrier", "flight_number", "origin", "destination", "departs_at", "weekdays", "aircraft")
    list_select_related = ("origin", "destination", "aircraft")
    list_filter = ("aircraft",)
    search_fields = ("carrier", "=flight_number", "=origin__code", "=destination__code")
    autocomplete_fields = ("origin", "destination", "aircraft")
    inlines = (FareInline,)


@admin.register(Flight)
class FlightAdmin(ModelAdmin):
    """Dated flights. They come from schedules; staff may close one for sale."""

    list_display = ("number", "route", "departure_date", "departing_at", "load", "sales_open")
    list_filter = ("sales_open", "aircraft")
    search_fields = ("=id", "carrier", "=flight_number", "=origin__code", "=destination__code")
    search_help_text = "Flight number, airport, or both"
    date_hierarchy = "departure_date"
    readonly_fields = (
        "id",
        "schedule",
        "carrier",
        "flight_number",
        "origin",
        "destination",
        "aircraft",
        "departure_date",
        "departing_at",
        "arriving_at",
        "load",
    )
    fields = (*readonly_fields, "sales_open")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flight]:
        """With the cabins, so that a page of flights is two queries."""
        cabins = Inventory.objects.filter(product__isnull=True).order_by("pk")
        rows: QuerySet[Flight] = super().get_queryset(request)
        return rows.prefetch_related(Prefetch("inventory", cabins))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: a flight without its inventory could not be sold."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: its ledger would go with it."""
        return False

    @admin.display(description="Flight", ordering="flight_number")
    def number(self, flight: Flight) -> str:
        """`AL 100`."""
        return f"{flight.carrier} {flight.flight_number}"

    @admin.display(description="Route", ordering="origin")
    def route(self, flight: Flight) -> SafeString:
        """`LHR-JFK`."""
        return unbroken(f"{flight.origin_id}-{flight.destination_id}")

    @admin.display(description="Load (held and sold)")
    def load(self, flight: Flight) -> str:
        """`economy 12/100, business 3/16`."""
        return ", ".join(
            f"{row.cabin.replace('_', ' ')} {row.held + row.sold}/{row.capacity}" for row in flight.inventory.all()
        )
