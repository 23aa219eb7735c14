"""What stands around a flight on its page: cabins, stranded orders, lost seats, and the newest changes."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q

from catalog import selectors
from catalog.admin.cabins import cabin_lines
from catalog.admin.journal import journal_table
from catalog.models import Flight, Inventory, JournalEntry

_JOURNAL_LINES = 10
_ORDERS_SHOWN = 10
May = Callable[[str], bool]


def surroundings(flight_id: str, may: May) -> dict[str, Any]:
    """What the flight's page shows beside its facts, as far as this member of staff may see it; empty for no flight.

    The journal names orders and who did what, so it is for those who may read the journal.
    """
    flight = Flight.objects.filter(pk=flight_id).select_related("schedule").first()
    if flight is None:
        return {}
    rows = list(flight.inventory.select_related("product").order_by("product_id", "pk"))
    rows.sort(key=lambda row: row.product_id is not None)
    sees_orders = may("orders.view_order")
    return {
        "lines": cabin_lines(flight, rows),
        "sees_inventory": may("catalog.view_inventory"),
        "journal": _journal(rows, linked=sees_orders) if may("catalog.view_journalentry") else None,
        "lost_seats": selectors.seats_off_the_map(flight.pk, flight.aircraft_id),
        "flight": flight,
        "sees_orders": sees_orders,
        **_stranded(flight),
    }


def _stranded(flight: Flight) -> dict[str, Any]:
    found = selectors.orders_of_cancelled_flights(flight.pk) if flight.cancelled_at else []
    return {"stranded": len(found), "stranded_shown": found[:_ORDERS_SHOWN]}


def _journal(rows: Sequence[Inventory], *, linked: bool) -> dict[str, Any]:
    """The newest lines of the journal: each inventory's last few by its versions, which are numbered without gaps."""
    recent = Q(pk__in=())
    for row in rows:
        recent |= Q(inventory=row.pk, version__gt=row.version - _JOURNAL_LINES)
    found = JournalEntry.objects.filter(recent).select_related("inventory__product", "hold")
    newest = sorted(found, key=lambda line: (line.at, line.pk), reverse=True)[:_JOURNAL_LINES]
    return journal_table(newest, linked=linked)
