"""Staff look at decided offers and impressions; nobody edits them."""

from typing import ClassVar

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from altis.store.admin.readonly import ReadOnlyAdmin, coloured, pretty
from catalog.admin.bundle_filter import BundleFilter
from offers.models import Impression, Offer
from offers.shown import in_words

_OFFER_COLOURS = {"ACCEPTED": "success", "CANCELLED": "danger"}
_OUTCOME_COLOURS = {"accepted": "success", "rejected": "danger", "expired": ""}


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    """Accepted and rejected offers."""

    list_display = ("id", "state", "bundle", "price", "decided_at")
    list_filter = ("status", BundleFilter)
    search_fields = ("id__exact", "search_id__exact")
    search_help_text = "Id of the offer or of the search"
    date_hierarchy = "decided_at"
    sortable_by = ("id", "decided_at")
    ordering = ("-id",)  # which begins with when it was made
    not_listed = ("document",)
    fieldsets: ClassVar = (
        (
            None,
            {
                "fields": (
                    ("state", "bundle", "price"),
                    ("created_at", "expires_at", "decided_at"),
                    ("id", "search_id", "version"),
                )
            },
        ),
        ("As it was shown", {"fields": ("shown",)}),
    )

    @coloured(_OFFER_COLOURS, description="Status", ordering="status")
    def state(self, offer: Offer) -> str:
        """What was decided."""
        return offer.status

    @admin.display(ordering="total_minor")
    def price(self, offer: Offer) -> str:
        """The total with its currency."""
        return str(offer.total)

    @admin.display(description="What the customer saw")
    def shown(self, offer: Offer) -> SafeString:
        """Flights, prices and conditions, with the explanations of price and rank."""
        return render_to_string("admin/offers/shown.html", in_words(offer.read()))


@admin.register(Impression)
class ImpressionAdmin(ReadOnlyAdmin):
    """What searches showed, and what came of it."""

    list_display = ("search_id", "shown_at", "result", "chosen", "weight")
    list_filter = ("outcome",)
    search_fields = ("search_id__exact", "chosen__exact")
    search_help_text = "Id of the search or of the chosen offer"
    date_hierarchy = "shown_at"
    sortable_by = ("search_id", "shown_at")
    not_listed = ("offers",)
    fieldsets: ClassVar = (
        (None, {"fields": (("result", "chosen", "weight"), ("search_id", "shown_at", "expires_at"))}),
        ("What was shown", {"fields": ("shown",)}),
    )

    @coloured(_OUTCOME_COLOURS, description="Outcome", ordering="outcome")
    def result(self, impression: Impression) -> str:
        """What came of it."""
        return impression.outcome

    @admin.display(description="Offers")
    def shown(self, impression: Impression) -> SafeString:
        """The offers by rank."""
        return pretty(impression.offers)
