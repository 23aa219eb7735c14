"""What a row is in the exchanged tables of products, bundles, schedules and fares."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from import_export import fields
from import_export.resources import ModelResource
from import_export.widgets import JSONWidget

from catalog.admin.columns import FlightNumber, MoneyColumn, ProductsColumn
from catalog.models import Bundle, BundleItem, Fare, Product, Schedule
from catalog.services.check_bundle import faults_of_bundle, faults_of_product
from catalog.services.check_network import faults_of_schedule
from catalog.services.check_product import faults_of_rules
from catalog.services.set_bundle_items import set_bundle_items


class _Checked(ModelResource):
    """Every row is held against all rules that the form has."""

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Refuse a table without the columns by which a row is known, or with a currency and no amounts in it."""
        headers = set(dataset.headers or ())
        known = {self.fields[name].column_name for name in self._meta.import_id_fields}
        amounts = {field.column_name for field in self.fields.values() if isinstance(field, MoneyColumn)}
        missing = known - headers or (amounts - headers if "currency" in headers else set())
        if missing:
            raise ValidationError(f"The table has no column {', '.join(sorted(missing))}.")

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        """The row's own checks, and ours; raises ValidationError with the faults by column."""
        try:
            super().validate_instance(instance, dict(import_validation_errors or {}), **kwargs)
        except ValidationError as error:
            columns = {field.attribute: field.column_name for field in self.fields.values()}
            words = {columns.get(name, name): said for name, said in error.error_dict.items()}
            raise ValidationError(words) from error
        faults = self.faults(instance)
        if faults:
            raise ValidationError(faults)

    def faults(self, instance: Any) -> dict[str, Any]:
        """What search could not sell, by column."""
        return {}


class _Rules:
    clean_model_instances = True
    skip_unchanged = True
    report_skipped = True
    use_transactions = True


class _Json(JSONWidget):
    """Attributes as JSON that the database can hold."""

    def clean(self, value: Any, row: Any = None, **_: Any) -> Any:
        try:
            found = json.loads(str(value or "").strip() or "{}")
            kept = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()  # half a character is no UTF-8
        except (ValueError, RecursionError) as error:
            raise ValueError("The attributes are no JSON") from error
        if b"\\u0000" in kept:
            raise ValueError("The attributes have a character that no text has")
        return found

    def render(self, value: Any, obj: Any = None, **_: Any) -> str:
        """As it is read."""
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""


class ProductResource(_Checked):
    """A product by its code."""

    base_price = MoneyColumn(attribute="base_price_minor", column_name="base_price")
    attributes = fields.Field(attribute="attributes", column_name="attributes", widget=_Json())

    class Meta(_Rules):
        model = Product
        name = "Products"
        import_id_fields = ("code",)
        fields = (
            "code",
            "type",
            "name",
            "description",
            "base_price",
            "currency",
            "applies_to",
            "capacity_controlled",
            "active",
            "attributes",
        )

    def faults(self, instance: Product) -> dict[str, Any]:
        """As the form has them."""
        return dict(faults_of_rules(instance))


class BundleResource(_Checked):
    """A bundle by its code, with its products."""

    refund_penalty = MoneyColumn(attribute="refund_penalty_minor", column_name="refund_penalty")
    change_penalty = MoneyColumn(attribute="change_penalty_minor", column_name="change_penalty")
    products = ProductsColumn(attribute="wanted", column_name="products")

    class Meta(_Rules):
        model = Bundle
        name = "Bundles"
        import_id_fields = ("code",)
        fields = (
            "code",
            "name",
            "description",
            "discount_percent",
            "position",
            "active",
            "refundable",
            "refund_penalty",
            "changeable",
            "change_penalty",
            "currency",
            "products",
        )

    def faults(self, instance: Bundle) -> dict[str, Any]:
        """As the form has them."""
        wanted = getattr(instance, "wanted", None)
        if wanted is None:
            items = BundleItem.objects.filter(bundle=instance.pk).select_related("product")
            wanted = {item.product: item.quantity for item in items}
        found = {product.code: faults_of_product(product, bundle=instance) for product in wanted}
        words = [f"{code}: {word}" for code, faults in found.items() for word in faults.values()]
        return {**faults_of_bundle(instance), **({"products": words} if words else {})}

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """The products after the bundle that they belong to."""
        if hasattr(instance, "wanted"):
            set_bundle_items(bundle=instance, items=instance.wanted)


class ScheduleResource(_Checked):
    """A flight number's timetable."""

    class Meta(_Rules):
        model = Schedule
        name = "Schedules"
        import_id_fields = ("carrier", "flight_number")
        fields = (
            "carrier",
            "flight_number",
            "origin",
            "destination",
            "aircraft",
            "departs_at",
            "block_minutes",
            "weekdays",
            "valid_from",
            "valid_to",
        )

    def faults(self, instance: Schedule) -> dict[str, Any]:
        """As the form has them."""
        return faults_of_schedule({name: getattr(instance, name) for name in self._meta.fields})


class FareResource(_Checked):
    """The base fare of a cabin of a flight number."""

    flight = fields.Field(attribute="schedule", column_name="flight", widget=FlightNumber(Schedule))
    base = MoneyColumn(attribute="base_minor", column_name="base")

    class Meta(_Rules):
        model = Fare
        name = "Fares"
        import_id_fields = ("flight", "cabin")
        fields = ("flight", "cabin", "base", "currency")

    def export(self, *args: Any, queryset: Any = None, **kwargs: Any) -> Any:
        """The fares of the schedules that the list shows: it is their page."""
        if queryset is not None and queryset.model is Schedule:
            shown = Fare.objects.filter(schedule__in=queryset.order_by().values("pk")).select_related("schedule")
            queryset = shown.order_by("schedule__carrier", "schedule__flight_number", "pk")
        return super().export(*args, queryset=queryset, **kwargs)
