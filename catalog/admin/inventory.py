"""The ledger: read only, since only the hold commands may write it."""

from django.contrib import admin
from unfold.paginator import InfinitePaginator

from altis.store.admin.readonly import ReadOnlyAdmin
from catalog.models import Hold, Inventory, JournalEntry


@admin.register(Inventory)
class InventoryAdmin(ReadOnlyAdmin):
    """What is left of each cabin and each limited product."""

    list_display = ("flight", "cabin", "product", "capacity", "forced_over", "held", "sold", "left", "version")
    list_select_related = ("flight", "product")
    list_filter = ("cabin",)
    search_fields = ("=flight__id", "=flight__flight_number", "=flight__origin__code", "=flight__destination__code")
    date_hierarchy = "flight__departure_date"

    @admin.display(description="Available")
    def left(self, row: Inventory) -> int:
        """What can still be sold."""
        return row.available


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    """Every change of the ledger."""

    list_display = ("at", "inventory", "version", "kind", "d_capacity", "d_held", "d_sold", "actor", "reason")
    list_select_related = ("inventory",)
    list_filter = ("kind",)
    search_fields = ("=inventory__id", "=inventory__flight__id", "=hold__order_id", "actor", "reason")
    date_hierarchy = "at"
    paginator = InfinitePaginator  # every hold of every order: too many to count for the pager


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    """What orders hold."""

    list_display = ("id", "order_id", "inventory", "quantity", "status", "created_at")
    list_select_related = ("inventory",)
    list_filter = ("status",)
    search_fields = ("=id", "=order_id", "=item_id", "=inventory__flight__id")
