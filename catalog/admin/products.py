"""Products and bundles: what staff put together and price."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import JSONField
from django.utils.safestring import SafeString
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from altis.store.admin.readonly import unbroken
from catalog.admin.prices import PricesFirst
from catalog.models import Bundle, BundleItem, Product


@admin.register(Product)
class ProductAdmin(PricesFirst):
    """Everything that can be sold, of eight types."""

    price_fields = frozenset({"base_price_minor", "currency"})
    list_display = ("code", "name", "type", "price", "applies_to", "capacity_controlled", "active")
    list_filter = ("type", "active", "applies_to", "capacity_controlled")
    search_fields = ("=id", "code", "name", "description")
    formfield_overrides: ClassVar = {JSONField: {"widget": UnfoldAdminTextareaWidget(attrs={"rows": 4})}}
    fieldsets: ClassVar = (
        (None, {"fields": ("type", "code", "name", "description", "active")}),
        ("Price", {"fields": ("base_price_minor", "currency")}),
        ("Rules", {"fields": ("applies_to", "capacity_controlled", "attributes")}),
    )

    @admin.display(description="Base price", ordering="base_price_minor")
    def price(self, product: Product) -> SafeString:
        """`35.00 USD`."""
        return unbroken(product.base_price)


class BundleItemInline(TabularInline):
    """The products of a bundle, with their quantity per traveller."""

    model = BundleItem
    autocomplete_fields = ("product",)
    extra = 0


@admin.register(Bundle)
class BundleAdmin(PricesFirst):
    """What is offered beside the bare flight, and on which conditions."""

    price_fields = frozenset({"discount_percent", "refund_penalty_minor", "change_penalty_minor", "currency"})
    list_display = ("name", "code", "discount_percent", "refundable", "changeable", "position", "active")
    list_filter = ("active",)
    search_fields = ("code", "name")
    inlines = (BundleItemInline,)
    fieldsets: ClassVar = (
        (None, {"fields": ("code", "name", "description", "discount_percent", "position", "active")}),
        (
            "Conditions",
            {"fields": ("refundable", "refund_penalty_minor", "changeable", "change_penalty_minor", "currency")},
        ),
    )
