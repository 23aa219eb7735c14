"""The ledger: read only, since only the hold commands may write it."""

from django.contrib import admin
from django.db.models import F
from django.utils.safestring import SafeString
from unfold.paginator import InfinitePaginator

from altis.store.admin.readonly import ReadOnlyAdmin, coloured, instant, link_to, unbroken
from catalog.models import Hold, Inventory, JournalEntry

_HOLD_COLOURS = {"HELD": "info", "SOLD": "success", "RELEASED": ""}
_KIND_COLOURS = {"HOLD": "info", "SELL": "success", "RELEASE": "", "CAPACITY": "warning"}


class _OfInventory(ReadOnlyAdmin):
    """Rows that name their inventory by what it is, not by its number."""

    list_select_related = ("inventory__flight", "inventory__product")

    @admin.display(description="Inventory")
    def of_what(self, row: Hold | JournalEntry) -> SafeString:
        """`AL 126 JFK-SIN 2026-12-04 economy`, a link to the counters."""
        inventory = row.inventory
        return link_to("catalog_inventory", str(inventory.pk), f"{inventory.flight} {_what(inventory)}")


@admin.register(Inventory)
class InventoryAdmin(ReadOnlyAdmin):
    """What is left of each cabin and each limited product."""

    list_display = ("flight", "what", "capacity", "forced_over", "held", "sold", "left", "version")
    list_select_related = ("flight", "product")
    list_filter = ("cabin",)
    search_fields = ("=flight__id", "=flight__flight_number", "=flight__origin__code", "=flight__destination__code")
    search_help_text = "Flight number, airport, or both"
    date_hierarchy = "flight__departure_date"
    fields = (("flight", "cabin", "product"), ("capacity", "forced_over", "held", "sold"), ("left", "version"))

    @admin.display(description="Cabin or product")
    def what(self, row: Inventory) -> str:
        """What is counted."""
        return _what(row)

    @admin.display(description="Available", ordering=F("capacity") + F("forced_over") - F("sold") - F("held"))
    def left(self, row: Inventory) -> int:
        """What can still be sold."""
        return row.available


@admin.register(JournalEntry)
class JournalEntryAdmin(_OfInventory):
    """Every change of the ledger."""

    list_display = ("when", "of_what", "version", "change", "effect", "reason")
    list_filter = ("kind",)
    search_fields = ("=inventory__id", "=inventory__flight__id", "=hold__order_id", "actor", "reason")
    search_help_text = "Id of the inventory, flight or order; actor or reason"
    date_hierarchy = "at"
    paginator = InfinitePaginator  # every hold of every order: too many to count for the pager
    fields = (("of_what", "version", "change"), ("d_capacity", "d_held", "d_sold"), ("when", "actor", "reason"), "hold")

    @admin.display(description="At", ordering="at")
    def when(self, row: JournalEntry) -> SafeString:
        """The instant of the change."""
        return unbroken(instant(row.at))

    @coloured(_KIND_COLOURS, description="Kind", ordering="kind")
    def change(self, row: JournalEntry) -> str:
        """What changed it."""
        return row.kind

    @admin.display(description="Effect")
    def effect(self, row: JournalEntry) -> SafeString:
        """`held -2, sold +2`."""
        changes = {"capacity": row.d_capacity, "held": row.d_held, "sold": row.d_sold}
        return unbroken(", ".join(f"{name} {by:+}" for name, by in changes.items() if by))


@admin.register(Hold)
class HoldAdmin(_OfInventory):
    """What orders hold."""

    list_display = ("order_id", "of_what", "quantity", "state", "created_at")
    list_filter = ("status",)
    search_fields = ("=id", "=order_id", "=item_id", "=inventory__flight__id")
    search_help_text = "Id of the hold, order, item or flight"
    fields = (("state", "quantity", "of_what"), ("order_link", "item_id", "created_at"))

    @coloured(_HOLD_COLOURS, description="Status", ordering="status")
    def state(self, row: Hold) -> str:
        """What has become of it."""
        return row.status

    @admin.display(description="Order", ordering="order_id")
    def order_link(self, row: Hold) -> SafeString:
        """The order that holds it."""
        return link_to("orders_order", row.order_id)


def _what(row: Inventory) -> str:
    return row.product.name if row.product else row.cabin.replace("_", " ")
