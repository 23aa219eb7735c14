"""Whoever may add such rows may change all of one; who may only change them sets prices. Money in major units."""

from collections.abc import Mapping
from copy import copy
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.forms import CharField, DecimalField
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from altis.shared.money import InexactAmount, Money, decimals
from altis.store.admin.reasons import AsksWhy, ExplainedForm, reason_field
from catalog.models import Fare

# Why something in the catalog is changed.
REASONS = {
    "correction": "Correction of a mistake",
    "new_price": "New price",
    "new_season": "New season",
    "new_product": "New in the assortment",
    "withdrawn": "Withdrawn from sale",
    "partner": "Change by a partner or supplier",
    "rules": "Law or regulation",
}


def money_field(label: str, help_text: str = "") -> DecimalField:
    """An amount of money as people write it."""
    widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return DecimalField(
        label=label, min_value=0, max_digits=15, decimal_places=3, initial=0, help_text=help_text, widget=widget
    )


def currency_field() -> CharField:
    """A currency by its three letters."""
    three = RegexValidator(r"^[A-Z]{3}$", "Three capital letters by ISO 4217, such as USD.")
    return CharField(
        max_length=3, initial=settings.ALTIS_CURRENCY, validators=[three], widget=UnfoldAdminTextInputWidget()
    )


class MoneyForm(ExplainedForm):
    """A form whose amounts are typed as `35.00` and kept in minor units: `money` names the column of each field."""

    money: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As a ModelForm; a stored amount is shown with the decimals of its currency."""
        super().__init__(*args, **kwargs)
        row = self.instance
        for name in self.money.keys() & self.fields.keys():
            if not row._state.adding:
                self.fields[name].widget.attrs["suffix"] = row.currency
                self.initial[name] = Money(getattr(row, self.money[name]), row.currency).amount

    def clean(self) -> dict[str, Any]:
        """Refuse, at its field, an amount with more decimals than its currency has."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        currency = str(cleaned.get("currency") or getattr(self.instance, "currency", ""))
        for name in self.money.keys() & cleaned.keys():
            self._keep(name, cleaned[name], currency)
        return cleaned

    def as_typed(self, cleaned: Mapping[str, Any]) -> Any:
        """A copy of the row with what was typed so far; amounts are in the row itself already."""
        row = copy(self.instance)
        for field in row._meta.concrete_fields:
            if field.name in cleaned:
                setattr(row, field.name, cleaned[field.name])
        return row

    def _keep(self, name: str, amount: Any, currency: str) -> None:
        try:
            setattr(self.instance, self.money[name], Money.of(amount, currency).minor)
        except InexactAmount:
            self.add_error(name, f"{currency} has {decimals(currency) or 'no'} decimals.")


class ReasonForm(MoneyForm):
    """Any row's form, with the reason."""

    reason = reason_field(REASONS)


class FareForm(MoneyForm):
    """A base fare."""

    money: ClassVar = {"base": "base_minor"}
    base = money_field("Base fare", "What a seat costs in an empty cabin")
    currency = currency_field()

    class Meta:
        model = Fare
        fields = ("cabin", "base", "currency")


class PricesFirst(AsksWhy, ModelAdmin):
    """A pricing analyst sees what is sold and writes what it costs: `price_fields`, and the inlines they may change."""

    price_fields: ClassVar[frozenset[str]] = frozenset()

    def sets_prices_only(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this user sees the rest of the row, and changes none of it."""
        return obj is not None and not self.has_add_permission(request)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Everything but the prices, for those without the right to add."""
        fields: tuple[str, ...] = tuple(super().get_readonly_fields(request, obj))
        if not self.sets_prices_only(request, obj):
            return fields
        rest = [field for field in self.opts.fields if field.editable and not field.primary_key]
        others = (field.name for field in rest if field.name not in self.price_fields)
        return (*fields, *others)
