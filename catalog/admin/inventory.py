"""The ledger: read only, since only the hold commands may write it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from catalog.models import Hold, Inventory, JournalEntry


class LedgerAdmin(ModelAdmin):
    """No adding, no changing, no deleting."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Inventory)
class InventoryAdmin(LedgerAdmin):
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
class JournalEntryAdmin(LedgerAdmin):
    """Every change of the ledger."""

    list_display = ("at", "inventory", "version", "kind", "d_capacity", "d_held", "d_sold", "actor", "reason")
    list_select_related = ("inventory",)
    list_filter = ("kind",)
    search_fields = ("=inventory__id", "=inventory__flight__id", "=hold__order_id", "actor", "reason")
    date_hierarchy = "at"


@admin.register(Hold)
class HoldAdmin(LedgerAdmin):
    """What orders hold."""

    list_display = ("id", "order_id", "inventory", "quantity", "status", "created_at")
    list_select_related = ("inventory",)
    list_filter = ("status",)
    search_fields = ("=id", "=order_id", "=item_id", "=inventory__flight__id")
