"""One form for all eight types of product: its fields come from the types' own schemas."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import BooleanField, CharField, ChoiceField, Field, IntegerField
from django.forms.models import ModelFormMetaclass
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from altis.store.admin.reasons import reason_field
from catalog.admin.prices import REASONS, MoneyForm, currency_field, money_field
from catalog.attributes import LONGEST, MOST, SCHEMAS, InvalidAttributes, ProductType, check_attributes
from catalog.models import Cabin, Product
from catalog.services.check_product import faults_of_rules

_PREFIX = "attr_"
_LABELS = {
    "max_weight_kg": "Heaviest, in kg",
    "carry_on": "Goes into the cabin",
    "slots_per_flight": "Places per flight",
}
_CABINS = [("", "–"), *Cabin.choices]


def _kinds() -> dict[str, type]:
    """Each attribute that some type has, with its Python type; types that share a name share the field."""
    return {name: kind for schema in SCHEMAS.values() for name, (kind, _) in schema.items()}


def _field(name: str, kind: type) -> Field:
    label = _LABELS.get(name) or name.replace("_", " ").capitalize()
    if name == "cabin":
        return ChoiceField(label=label, choices=_CABINS, widget=UnfoldAdminSelectWidget(choices=_CABINS))
    if kind is bool:
        return BooleanField(label=label, widget=UnfoldBooleanWidget())
    if kind is int:
        return IntegerField(label=label, min_value=1, max_value=MOST, widget=UnfoldAdminIntegerFieldWidget())
    text = "Several are separated by commas" if kind is list else ""
    return CharField(label=label, max_length=LONGEST * 3, help_text=text, widget=UnfoldAdminTextInputWidget())


def _attribute_fields() -> dict[str, Field]:
    fields = {f"{_PREFIX}{name}": _field(name, kind) for name, kind in _kinds().items()}
    for field in fields.values():
        field.required = False  # which of them are needed depends on the type
        field.widget.is_required = False
    return fields


ATTRIBUTES = tuple(f"{_PREFIX}{name}" for name in _kinds())
# In the words of the theme's script: a field is seen while one of its types is chosen.
SHOWN_WHEN: Mapping[str, str] = {
    f"{_PREFIX}{name}": " || ".join(f"type == '{type.value}'" for type, schema in SCHEMAS.items() if name in schema)
    for name in _kinds()
}


class _ProductForm(MoneyForm):
    money: ClassVar = {"base_price": "base_price_minor"}
    base_price = money_field("Base price", "Such as 35.00; 0 for flights, which have fares")
    currency = currency_field()
    reason = reason_field(REASONS)

    class Meta:
        model = Product
        fields = ("type", "code", "name", "description", "active", "currency", "applies_to", "capacity_controlled")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "type" not in self.fields:  # whoever sets prices alone has no field for anything else
            for name in ATTRIBUTES:
                del self.fields[name]
        for name, value in (self.instance.attributes or {}).items():
            text = ", ".join(map(str, value)) if isinstance(value, list) else value
            self.initial.setdefault(f"{_PREFIX}{name}", text)

    def clean(self) -> dict[str, Any]:
        """Refuse attributes that the type does not take or lacks, and rules that search could not sell by."""
        cleaned = super().clean()
        type = cleaned.get("type") or self.instance.type
        if type in set(ProductType):  # the field itself says so where it is none
            if "type" in self.fields:
                self._take_attributes(type, cleaned)
            self._check_rules(type, cleaned)
        return cleaned

    def _take_attributes(self, type: str, cleaned: Mapping[str, Any]) -> None:
        schema = SCHEMAS[ProductType(type)]
        found = {name: _value(cleaned.get(f"{_PREFIX}{name}"), kind) for name, (kind, _) in schema.items()}
        attributes = {name: value for name, value in found.items() if value not in (None, "", [], False)}
        try:
            check_attributes(type, attributes)
        except InvalidAttributes as error:
            self._say_where(type, error)
        else:
            self.instance.attributes = attributes

    def _say_where(self, type: str, error: InvalidAttributes) -> None:
        for fault in error.faults:
            field = f"{_PREFIX}{fault.pointer.rsplit('/', 1)[-1]}"
            if field not in self.errors:  # what cannot be read has said so itself
                needs = f"A {ProductType(type).label.lower()} needs this."
                self.add_error(field, needs if fault.code == "required" else fault.detail)

    def _check_rules(self, type: str, cleaned: Mapping[str, Any]) -> None:
        typed: Product = self.as_typed({**cleaned, "type": type})
        for name, words in faults_of_rules(typed).items():
            field = name if name in self.fields else None
            if field not in self.errors:
                self.add_error(field, words)

    def _update_errors(self, errors: ValidationError) -> None:
        # The row's own check names a column that this form has as several fields, each of which has said it already.
        if hasattr(errors, "error_dict"):
            errors.error_dict.pop("attributes", None)
        super()._update_errors(errors)  # type: ignore[misc]  # private, and Django's only place for it


def _value(typed: Any, kind: type) -> Any:
    if kind is list:
        return [word for word in (part.strip() for part in str(typed or "").split(",")) if word]
    return typed.strip() if isinstance(typed, str) else typed


# Made of the schemas, so a new type or attribute needs no new form.
ProductForm = ModelFormMetaclass(
    "ProductForm",
    (_ProductForm,),
    {**_attribute_fields(), "__module__": __name__, "__doc__": "A product of any type."},
)
