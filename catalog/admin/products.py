"""Products: what staff sell beside the seat."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from altis.store.admin.readonly import unbroken
from catalog.admin.exchange import Exchange
from catalog.admin.prices import PricesFirst
from catalog.admin.product_form import ATTRIBUTES, SHOWN_WHEN, ProductForm
from catalog.admin.resources import ProductResource
from catalog.models import Product

_WHAT = ("type", "code", "name", "description", "active")


@admin.register(Product)
class ProductAdmin(Exchange, PricesFirst):
    """Everything that can be sold, of eight types."""

    form = ProductForm
    resource_classes = (ProductResource,)
    conditional_fields: ClassVar = dict(SHOWN_WHEN)
    price_fields = frozenset({"currency"})
    list_display = ("code", "name", "type", "price", "applies_to", "capacity_controlled", "active")
    list_filter = ("type", "active", "applies_to", "capacity_controlled")
    search_fields = ("=id", "code", "name", "description")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The attributes as fields for those who may change them, in words for the others."""
        changes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        prices = ("base_price", "currency") if changes else ("price",)
        whole = changes and not self.sets_prices_only(request, obj)
        fieldsets = (
            (None, {"fields": _WHAT}),
            ("Of this type", {"fields": ATTRIBUTES if whole else ("attributes_shown",)}),
            ("Price", {"fields": prices}),
            ("Rules", {"fields": ("applies_to", "capacity_controlled")}),
        )
        return self.asking(request, obj, fieldsets)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """As the rights say; what is shown in words is never a field."""
        return (*super().get_readonly_fields(request, obj), "price", "attributes_shown")

    @admin.display(description="Base price", ordering="base_price_minor")
    def price(self, product: Product) -> SafeString:
        """`35.00 USD`."""
        return unbroken(product.base_price)

    @admin.display(description="Attributes")
    def attributes_shown(self, product: Product) -> str:
        """`max weight kg: 23, carry on: yes`."""
        words = {name: "yes" if value is True else value for name, value in product.attributes.items()}
        said = (
            f"{name.replace('_', ' ')}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
            for name, value in words.items()
        )
        return ", ".join(said) or "–"
