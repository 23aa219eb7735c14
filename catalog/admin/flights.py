"""Flights: how full they are and what they cost, at a glance and one by one."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateFilter

from altis.store.admin.days import DEPARTURES
from altis.store.admin.readonly import ReadOnlyAdmin, coloured, instant, unbroken
from catalog.admin.cabins import cabin_lines, glance
from catalog.admin.finding import flights_like
from catalog.admin.flight_commands import FlightCommands
from catalog.admin.flight_filters import FullFilter, RouteFilter, SalesFilter, WhenFilter
from catalog.admin.flight_page import surroundings
from catalog.models import Flight, Inventory

STATUS_COLOURS = {"ON SALE": "success", "CLOSED": "warning", "CANCELLED": "danger"}


@admin.register(Flight)
class FlightAdmin(FlightCommands, ReadOnlyAdmin):
    """Dated flights, the next departure first. They come from schedules; staff change them by commands."""

    list_display = ("number", "route", "departs", "state", "load")
    list_filter = (
        RouteFilter,
        ("departure_date", RangeDateFilter),
        FullFilter,
        SalesFilter,
        WhenFilter,
    )
    list_filter_submit = True
    search_fields = ("flight_number",)
    search_help_text = "Flight number, airport, route or date: AL 126, JFK, LHR-JFK, 2026-12-04, or several of them"
    date_hierarchy = "departure_date"
    months = DEPARTURES
    paginator = Paginator  # of flights there are not that many
    change_form_outer_before_template = "dialogs/actions.html"
    change_form_outer_after_template = "admin/catalog/flight/overview.html"
    fieldsets: ClassVar = (
        (
            None,
            {
                "fields": (
                    ("number", "route", "state"),
                    ("departs", "leaves", "arrives"),
                    ("aircraft", "schedule", "cancelled_at"),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flight]:
        """With cabins, fares and zones, so that a page of flights is three queries."""
        rows: QuerySet[Flight] = super().get_queryset(request)
        cabins = Inventory.objects.filter(product__isnull=True).order_by("pk")
        return rows.select_related("origin", "schedule").prefetch_related(
            Prefetch("inventory", cabins), "schedule__fares"
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Flight], search_term: str
    ) -> tuple[QuerySet[Flight], bool]:
        """By what the words are, each through an index; what is none of them finds nothing."""
        condition = flights_like(search_term)
        return (queryset.none() if condition is None else queryset.filter(condition)), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Flight | None:
        """The flight with what its facts name; its cabins are read with the rest of its page."""
        return Flight.objects.select_related("origin", "schedule", "aircraft").filter(pk=object_id).first()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The flight's page, with what stands around it."""
        may: Any = request.user.has_perm
        context = {**(extra_context or {}), **surroundings(unquote(object_id), may)}
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    @admin.display(description="Flight", ordering="flight_number")
    def number(self, flight: Flight) -> SafeString:
        """`AL 100`."""
        return unbroken(f"{flight.carrier} {flight.flight_number}")

    @admin.display(description="Route", ordering="origin")
    def route(self, flight: Flight) -> SafeString:
        """`LHR-JFK`."""
        return unbroken(f"{flight.origin_id}-{flight.destination_id}")

    @admin.display(description="Departs (local)", ordering="departing_at")
    def departs(self, flight: Flight) -> SafeString:
        """On the wall clock of the origin."""
        return unbroken(f"{flight.departing_at.astimezone(ZoneInfo(flight.origin.time_zone)):%a %Y-%m-%d %H:%M}")

    @admin.display(description="Departs (UTC)")
    def leaves(self, flight: Flight) -> str:
        """The instant by which sales and changes end."""
        return instant(flight.departing_at)

    @admin.display(description="Arrives (UTC)")
    def arrives(self, flight: Flight) -> str:
        """The instant after which its orders may be archived."""
        return instant(flight.arriving_at)

    @coloured(STATUS_COLOURS, description="Sales")
    def state(self, flight: Flight) -> str:
        """On sale, closed or cancelled."""
        return flight.status

    @admin.display(description="Load and today's price")
    def load(self, flight: Flight) -> SafeString | str:
        """A line for each cabin."""
        return glance(cabin_lines(flight, flight.inventory.all()))
