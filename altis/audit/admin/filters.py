"""By whom, and of what: the filters of the audit."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from altis.accounts.models import User
from altis.audit import words
from altis.audit.models import Act, Entry, Source

_MOST_STAFF = 100
_NOBODY = "-"
_OF_ROWS = (Source.CHANGE, Source.NOTE, Source.REVEAL)


class WhoFilter(SimpleListFilter):
    """One member of staff, or what no page was the way of."""

    title = "who"
    parameter_name = "who"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        """Staff by id, the newest first; others are found by the search."""
        staff = User.objects.filter(is_staff=True).order_by("-pk").values_list("pk", flat=True)[:_MOST_STAFF]
        return [(_NOBODY, "A command, or by hand"), *((pk, pk) for pk in staff)]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """The entries of the chosen one, or all."""
        chosen = self.value()
        if not chosen:
            return queryset
        return queryset.filter(staff="" if chosen == _NOBODY else chosen)


class ObjectFilter(SimpleListFilter):
    """One kind of object."""

    title = "object"
    parameter_name = "object"
    relations = (
        "catalog_product",
        "catalog_bundle",
        "catalog_bundleitem",
        "catalog_fare",
        "catalog_schedule",
        "catalog_flight",
        "catalog_inventory",
        "catalog_airport",
        "catalog_aircraft",
        "catalog_aircraftcabin",
        "orders_order",
        "payments_payment",
        "payments_refund",
        "payments_webhookreceipt",
        "store_outboxevent",
        "accounts_user",
        "accounts_user_groups",
        "accounts_user_user_permissions",
        "auth_group",
        "auth_group_permissions",
    )

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        """What can be changed by staff."""
        return [(relation, words.kind_of(relation).capitalize()) for relation in self.relations]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """The entries about such objects, or all."""
        return queryset.filter(object_type=self.value()) if self.value() else queryset


class ActFilter(SimpleListFilter):
    """What became of it; commands on orders and flights have words of their own, and are found by their object."""

    title = "what was done"
    parameter_name = "did"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, str]]:
        """A fixed list: to gather the words would read the whole audit."""
        return [*Act.choices, ("seen", "Seen")]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        """The entries of that act, or all; commands on orders and inventories are not read for it."""
        return queryset.filter(act=self.value(), source__in=_OF_ROWS) if self.value() else queryset
