"""The ledger: read only, since only commands may write it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter

from altis.store.admin.days import DEPARTURES
from altis.store.admin.days_filter import DaysFilter
from altis.store.admin.readonly import ReadOnlyAdmin, by_whom, coloured, instant, link_to, shortened, unbroken
from catalog.admin.cabins import CabinLine, what_of
from catalog.admin.finding import rows_of_flights_like
from catalog.admin.gate import LONGEST_NUMBER, GatePage
from catalog.admin.journal import KIND_COLOURS, effect_of, order_of
from catalog.models import Hold, Inventory, JournalEntry

_HOLD_COLOURS = {"HELD": "info", "SOLD": "success", "RELEASED": ""}
_SALES_COLOURS = {"OPEN": "success", "CLOSED": "warning"}


class _OfInventory(ReadOnlyAdmin):
    """Rows that name their inventory by what it is, not by its number."""

    list_select_related: tuple[str, ...] = ("inventory__flight", "inventory__product")

    # What a word is looked up as, by how it begins: each is the whole of a column that has an index.
    finds: ClassVar[dict[str, str]] = {}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By exact ids, and by what a flight is found by; what is neither finds nothing."""
        flight = []
        for word in search_term.lower().split():
            column, number = self.finds.get(word[:4]), word.removeprefix("inv_")
            if column is not None:
                queryset = queryset.filter(**{column: word})
            elif number != word and number.isdecimal() and len(number) <= LONGEST_NUMBER:
                queryset = queryset.filter(inventory=number)
            else:
                flight.append(word)
        condition = rows_of_flights_like(" ".join(flight), "inventory__flight")
        return (queryset.none() if condition is None else queryset.filter(condition)), False

    def get_list_display(self, request: HttpRequest) -> list[str]:
        """No link to an order that the reader may not open."""
        return [_openable(name, request) for name in super().get_list_display(request)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The same on the page of a row."""
        return [
            tuple(_openable(name, request) for name in line) if isinstance(line, tuple) else line
            for line in super().get_fields(request, obj)
        ]

    @admin.display(description="Flight")
    def of_flight(self, row: Hold | JournalEntry) -> SafeString:
        """`AL 126 JFK-SIN 2026-12-04`, a link to the flight."""
        flight = row.inventory.flight
        return link_to("catalog_flight", flight.pk, str(flight))

    @admin.display(description="Inventory")
    def of_what(self, row: Hold | JournalEntry) -> SafeString:
        """`Economy`, a link to the counters."""
        return link_to("catalog_inventory", str(row.inventory_id), what_of(row.inventory))


@admin.register(Inventory)
class InventoryAdmin(GatePage, ReadOnlyAdmin):
    """What is left of each cabin and each limited product."""

    list_display = ("flight_name", "what", "sales", "capacity", "overbooking", "sold", "held", "left", "load")
    list_display_links = ("flight_name",)
    list_select_related = ("flight", "product")
    list_filter = (("cabin", ChoicesDropdownFilter), ("flight__departure_date", RangeDateFilter), "closed")
    list_filter_submit = True
    search_fields = ("flight__flight_number",)
    search_help_text = "Flight number, airport, route or date, or several of them: AL 126 2026-12-04"
    date_hierarchy = "flight__departure_date"
    months = DEPARTURES
    paginator = Paginator  # of flights there are not that many
    fieldsets: ClassVar = (
        (
            None,
            {
                "fields": (
                    ("of_flight", "what", "sales"),
                    ("capacity", "overbooking", "left"),
                    ("sold", "held", "load"),
                    ("version", "journal_link", "holds_link"),
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What leads to lists that the reader may not open is left out."""
        lists = {"journal_link": "catalog.view_journalentry", "holds_link": "catalog.view_hold"}
        shut = {name for name, right in lists.items() if not request.user.has_perm(right)}
        rows = [tuple(name for name in row if name not in shut) for row in self.fieldsets[0][1]["fields"]]
        return ((None, {"fields": rows}),)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Inventory], search_term: str
    ) -> tuple[QuerySet[Inventory], bool]:
        """As flights are found."""
        condition = rows_of_flights_like(search_term, "flight")
        return (queryset.none() if condition is None else queryset.filter(condition)), False

    @admin.display(description="Flight", ordering="flight__departing_at")
    def flight_name(self, row: Inventory) -> SafeString:
        """`AL 126 JFK-SIN 2026-12-04`, which leads to the counters; their page leads to the flight."""
        return unbroken(row.flight)

    @admin.display(description="Flight")
    def of_flight(self, row: Inventory) -> SafeString:
        """The flight's page, which has the commands."""
        return link_to("catalog_flight", row.flight_id, str(row.flight))

    @admin.display(description="Cabin or product")
    def what(self, row: Inventory) -> str:
        """What is counted."""
        return what_of(row)

    @coloured(_SALES_COLOURS, description="Sales", ordering="closed")
    def sales(self, row: Inventory) -> str:
        """Whether more may be held."""
        return "CLOSED" if row.closed else "OPEN"

    @admin.display(description="Overbooking", ordering="forced_over")
    def overbooking(self, row: Inventory) -> int:
        """Units authorised beyond the capacity."""
        return row.forced_over

    @admin.display(description="Available", ordering=F("capacity") + F("forced_over") - F("sold") - F("held"))
    def left(self, row: Inventory) -> int:
        """What can still be sold."""
        return row.available

    @admin.display(description="Load")
    def load(self, row: Inventory) -> SafeString:
        """Sold and held, of what is authorised."""
        return CabinLine(row, None).bar

    @admin.display(description="Journal")
    def journal_link(self, row: Inventory) -> SafeString:
        """Every change of these counters."""
        return _list_link("journalentry", row, f"{row.version} changes")

    @admin.display(description="Holds")
    def holds_link(self, row: Inventory) -> SafeString:
        """The orders behind these counters."""
        return _list_link("hold", row, "Holds of orders")


@admin.register(JournalEntry)
class JournalEntryAdmin(_OfInventory):
    """Every change of the ledger."""

    list_display = ("when", "of_flight", "of_what", "change", "effect", "why", "by", "order_link")
    list_select_related = ("inventory__flight", "inventory__product", "hold")
    sortable_by = ("when",)
    list_filter = (("kind", ChoicesDropdownFilter), ("at", DaysFilter))
    list_filter_submit = True
    search_fields = ("reason",)
    search_help_text = "A flight (AL 126 2026-12-04), or the id of a flight, an inventory (inv_7), an order or a hold"
    finds: ClassVar = {"ord_": "hold__order_id", "hld_": "hold"}
    fields = (
        ("of_flight", "of_what", "change"),
        ("effect", "version", "when"),
        ("why", "by", "order_link"),
    )

    @admin.display(description="At", ordering="at")
    def when(self, row: JournalEntry) -> SafeString:
        """The instant of the change."""
        return unbroken(instant(row.at))

    @coloured(KIND_COLOURS, description="Kind", ordering="kind")
    def change(self, row: JournalEntry) -> str:
        """What changed it."""
        return row.kind

    @admin.display(description="Effect")
    def effect(self, row: JournalEntry) -> SafeString:
        """`held -2, sold +2`."""
        return effect_of(row)

    @admin.display(description="Reason", ordering="reason")
    def why(self, row: JournalEntry) -> str:
        """The word of the command, readable."""
        return row.reason.replace("_", " ")

    @admin.display(description="By", ordering="actor")
    def by(self, row: JournalEntry) -> SafeString:
        """Who or what did it."""
        return by_whom(row.actor)

    @admin.display(description="Order")
    def order_link(self, row: JournalEntry) -> SafeString:
        """The order that it was for."""
        return order_of(row)

    @admin.display(description="Order")
    def order_plain(self, row: JournalEntry) -> SafeString:
        """The same for who may not open orders."""
        return order_of(row, linked=False)


@admin.register(Hold)
class HoldAdmin(_OfInventory):
    """What orders hold."""

    sortable_by = ("order_link",)
    list_display = ("since", "order_link", "of_flight", "of_what", "quantity", "state")
    list_filter = (("status", ChoicesDropdownFilter), ("created_at", DaysFilter))
    list_filter_submit = True
    search_fields = ("order_id",)
    search_help_text = "A flight (AL 126 2026-12-04), or the id of a flight, an inventory (inv_7), an order or an item"
    finds: ClassVar = {"ord_": "order_id", "itm_": "item_id", "hld_": "pk"}
    fields = (("order_link", "of_flight", "of_what"), ("state", "quantity", "since"), "item_id")

    @coloured(_HOLD_COLOURS, description="Status", ordering="status")
    def state(self, row: Hold) -> str:
        """What has become of it."""
        return row.status

    @admin.display(description="Since", ordering="created_at")
    def since(self, row: Hold) -> SafeString:
        """When it was taken."""
        return unbroken(instant(row.created_at))

    @admin.display(description="Order", ordering="order_id")
    def order_link(self, row: Hold) -> SafeString:
        """The order that holds it."""
        return link_to("orders_order", row.order_id, shortened(row.order_id))

    @admin.display(description="Order", ordering="order_id")
    def order_plain(self, row: Hold) -> SafeString:
        """The same for who may not open orders."""
        return shortened(row.order_id)


def _openable(name: str, request: HttpRequest) -> str:
    plain = name == "order_link" and not request.user.has_perm("orders.view_order")
    return "order_plain" if plain else name


def _list_link(model: str, row: Inventory, text: str) -> SafeString:
    address = reverse(f"admin:catalog_{model}_changelist")
    return format_html('<a href="{}?q=inv_{}" class="text-link">{}</a>', address, row.pk, text)
