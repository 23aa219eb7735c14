"""What the tests of commands look at."""

from typing import Any

from django.db import transaction

from altis.shared.actors import Actor, system
from altis.store.models import OutboxEvent
from catalog.models import Flight, Inventory, JournalEntry
from catalog.services.holds import Need, hold_units, sell_units

STAFF = Actor("staff", "usr_ana")
BY_STAFF: dict[str, Any] = {"actor": STAFF, "reason": "schedule_change"}


def hold(cabin: Inventory, units: int, *, order_id: str = "ord_1", sold: bool = False) -> None:
    """Hold, and perhaps sell, units of a cabin for an order."""
    need = Need(cabin.pk, f"itm_{order_id}_{cabin.pk}", units)
    with transaction.atomic():
        hold_units(order_id=order_id, needs=[need], token=f"off_{order_id}", cause=system("test", "because"))
    if sold:
        with transaction.atomic():
            sell_units([order_id], cause=system("test", "because"))


def everything() -> list[list[str]]:
    """All rows that a command could have written."""
    models = (Flight, Inventory, JournalEntry, OutboxEvent)
    return [sorted(map(repr, model._default_manager.values_list())) for model in models]


def last_line(cabin: Inventory) -> tuple[str, int, str, str]:
    """Kind, change of the capacity, actor and reason of the newest line of the journal."""
    line = JournalEntry.objects.filter(inventory=cabin).latest("version")
    return line.kind, line.d_capacity, line.actor, line.reason


def told() -> list[str]:
    """The types of the events, oldest first."""
    return list(OutboxEvent.objects.order_by("position").values_list("type", flat=True))
