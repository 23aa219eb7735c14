"""Bundles: what is offered beside the bare flight, with a preview of what the customer will see."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from unfold.admin import TabularInline

from altis.store.admin.reasons import reason_field
from catalog.admin.exchange import Exchange
from catalog.admin.prices import REASONS, MoneyForm, PricesFirst, currency_field, money_field
from catalog.admin.resources import BundleResource
from catalog.models import Bundle, BundleItem, Product
from catalog.services.check_bundle import MOST_OF_ONE, are_last_on_sale, faults_of_bundle, faults_of_product


class BundleForm(MoneyForm):
    """Name, discount, order and conditions."""

    money: ClassVar = {"refund_penalty": "refund_penalty_minor", "change_penalty": "change_penalty_minor"}
    refund_penalty = money_field("Refund penalty", "Kept of a refund")
    change_penalty = money_field("Change penalty", "Paid for a change")
    currency = currency_field()
    reason = reason_field(REASONS)

    class Meta:
        model = Bundle
        fields = ("code", "name", "description", "discount_percent", "position", "active", "refundable", "changeable")

    def clean(self) -> dict[str, Any]:
        """Refuse penalties for what is not possible at all, and what would take this or every bundle off sale."""
        cleaned = super().clean()
        typed = self.as_typed(cleaned)
        faults = faults_of_bundle(typed)
        if "name" not in self.fields and not self.instance._state.adding:  # prices alone: the products stay
            faults |= _faults_of_items(typed)
        for name, words in faults.items():
            self.add_error(name if name in self.fields else None, words)
        return cleaned


def _faults_of_items(bundle: Bundle) -> dict[str, str]:
    items = BundleItem.objects.filter(bundle=bundle.pk).select_related("product")
    found = [(item.product, faults_of_product(item.product, bundle=bundle)) for item in items]
    words = [f"{product.name}: {faults['currency']}" for product, faults in found if "currency" in faults]
    return {"currency": " ".join(words)} if words else {}


class BundleItemFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # of bundles and their items
    """The products of a bundle, held against what search can sell."""

    def clean(self) -> None:
        """Refuse, at its row, each product with which the bundle could never be offered."""
        super().clean()
        for form in self.forms:
            typed = getattr(form, "cleaned_data", {})
            if isinstance(typed.get("product"), Product) and not typed.get("DELETE"):
                self._check(form, typed["product"], typed.get("quantity") or 1)

    def _check(self, form: "ModelForm[BundleItem]", product: Product, quantity: int) -> None:
        faults = faults_of_product(product, bundle=self.instance)
        if faults:
            form.add_error("product", ValidationError([*faults.values()]))
        if quantity > MOST_OF_ONE:
            form.add_error("quantity", f"At most {MOST_OF_ONE}.")


class BundleItemInline(TabularInline):
    """The products of a bundle, with their quantity per traveller."""

    model = BundleItem
    formset = BundleItemFormSet
    autocomplete_fields = ("product",)
    extra = 0
    hide_title = True


@admin.register(Bundle)
class BundleAdmin(Exchange, PricesFirst):
    """What is offered beside the bare flight, and on which conditions."""

    form = BundleForm
    resource_classes = (BundleResource,)
    price_fields = frozenset({"discount_percent", "currency"})
    list_display = ("name", "code", "discount_percent", "refundable", "changeable", "position", "active")
    list_filter = ("active",)
    search_fields = ("code", "name")
    inlines = (BundleItemInline,)
    fieldsets: ClassVar = (
        (None, {"fields": ("code", "name", "description", "discount_percent", "position", "active")}),
        (
            "Conditions",
            {"fields": ("refundable", "refund_penalty", "changeable", "change_penalty", "currency")},
        ),
    )

    class Media:
        css: ClassVar = {"all": ("backoffice/bundle.css",)}
        js = ("backoffice/bundle.js",)

    def get_deleted_objects(self, objs: Iterable[Bundle], request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """As ever, and refused in words where no bundle would be left to sell."""
        rows = list(objs)
        listed, counts, lacking, protected = super().get_deleted_objects(rows, request)
        if are_last_on_sale([row.pk for row in rows]):
            protected = [*protected, "Searches: no other bundle is on sale, and without one they are all empty."]
        return listed, counts, lacking, protected
