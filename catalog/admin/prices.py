"""Whoever may add such rows may change all of one; who may only change them sets prices."""

from typing import Any, ClassVar

from django.http import HttpRequest
from unfold.admin import ModelAdmin


class PricesFirst(ModelAdmin):
    """A pricing analyst sees what is sold and writes what it costs: `price_fields`, and the inlines they may change."""

    price_fields: ClassVar[frozenset[str]] = frozenset()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Everything but the prices, for those without the right to add."""
        fields: tuple[str, ...] = tuple(super().get_readonly_fields(request, obj))
        if obj is None or self.has_add_permission(request):
            return fields
        rest = [field for field in self.opts.fields if field.editable and not field.primary_key]
        others = (field.name for field in rest if field.name not in self.price_fields)
        return (*fields, *others)
