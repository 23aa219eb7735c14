"""Staff look at decided offers and impressions; nobody edits them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from offers.models import Impression, Offer


class _ReadOnly(ModelAdmin):
    """Looking only: statuses are moved by services, impressions are written by the sweep."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


@admin.register(Offer)
class OfferAdmin(_ReadOnly):
    """Accepted and rejected offers."""

    list_display = ("id", "status", "bundle", "price", "decided_at")
    list_filter = ("status", "bundle")
    search_fields = ("id", "search_id")
    date_hierarchy = "decided_at"

    @admin.display(ordering="total_minor")
    def price(self, offer: Offer) -> str:
        """The total with its currency."""
        return str(offer.total)


@admin.register(Impression)
class ImpressionAdmin(_ReadOnly):
    """What searches showed, and what came of it."""

    list_display = ("search_id", "shown_at", "outcome", "chosen", "weight")
    list_filter = ("outcome",)
    search_fields = ("search_id", "chosen")
    date_hierarchy = "shown_at"
