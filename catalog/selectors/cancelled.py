"""Who is booked on flights that will not take place: what waits for a rebooking or a refund."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from catalog.lifecycle import HoldStatus
from catalog.models import Hold


@dataclass(frozen=True, slots=True)
class StrandedOrder:
    """A paid order with units on a cancelled flight; `units` counts seats and limited products of that flight."""

    order_id: str
    flight_id: str
    flight: str
    departing_at: datetime
    cancelled_at: datetime
    units: int


def stranded_holds() -> QuerySet[Hold]:
    """What was paid for on flights that were cancelled, and was not given back."""
    return Hold.objects.filter(status=HoldStatus.SOLD, inventory__flight__cancelled_at__isnull=False)


def orders_of_cancelled_flights(flight_id: str, *, most: int = 500) -> list[StrandedOrder]:
    """The paid orders of this flight, when it is cancelled. One query.

    An order leaves the list when its units are given back: rebooked, or refunded. Unpaid ones end by their deadline.
    """
    path = "inventory__flight__"
    columns = ("carrier", "flight_number", "origin_id", "destination_id", "departing_at", "cancelled_at")
    rows = (
        stranded_holds()
        .filter(inventory__flight=flight_id)
        .values_list("order_id", f"{path}id", *(f"{path}{column}" for column in columns))
        .annotate(units=Sum("quantity"))
        .order_by("order_id")[:most]
    )
    return [
        StrandedOrder(order, flight, f"{carrier} {number} {origin}-{destination}", departs, cancelled, units)
        for order, flight, carrier, number, origin, destination, departs, cancelled, units in rows
    ]
