"""A filter by bundle that asks the catalogue for its choices: Django's own would read every row of the list."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from catalog.models import Bundle


class BundleFilter(DropdownFilter):
    """Rows with the code of a bundle."""

    title = "bundle"
    parameter_name = "bundle"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        """All bundles of the catalogue."""
        return list(Bundle.objects.order_by("name").values_list("code", "name"))

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with the chosen one."""
        return queryset.filter(bundle=self.value()) if self.value() else queryset
