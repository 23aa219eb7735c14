"""The checker's queries in a test's own transaction, without a snapshot of their own."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from altis.insight.invariants import INVARIANTS, Kind, Source, numbered
from altis.insight.services.check import look
from altis.insight.services.snapshot import Extent
from catalog.models import Hold
from orders.models import Order

# What can be asked of PostgreSQL alone, and holds at every instant.
ALWAYS = tuple(each.number for each in INVARIANTS if each.kind == Kind.ALWAYS and each.source == Source.LEDGER)


def violations(numbers: Iterable[str], *orders: Order) -> dict[str, list[str]]:
    """The ids of what contradicts these invariants, by number; empty when they hold. Of these orders, or of all."""
    extent = _extent_of([order.pk for order in orders]) if orders else Extent(_now())
    findings = [look(invariant, extent) for invariant in numbered(*numbers)]
    assert all(finding.found is not None for finding in findings)
    return {finding.invariant.number: list(finding.ids) for finding in findings if finding.found}


def _extent_of(orders: list[str]) -> Extent:
    return Extent(
        _now(),
        inventories=list(Hold.objects.filter(order_id__in=orders).values_list("inventory_id", flat=True)),
        orders=orders,
        offers=list(Order.objects.filter(pk__in=orders).values_list("offer_id", flat=True)),
    )


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT altis_now()")
        now: datetime = cursor.fetchone()[0]
    return now
