"""Who is booked on flights that will not take place: what waits for a rebooking or a refund."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

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


def orders_of_cancelled_flights(flight_id: str = "", *, most: int = 500) -> list[StrandedOrder]:
    """The paid orders of cancelled flights, or of this one, the next departure first. One query.

    An order leaves the list when its units are given back: rebooked, or refunded. Unpaid ones end by their deadline.
    """
    booked = Hold.objects.filter(inventory__flight__cancelled_at__isnull=False, status=HoldStatus.SOLD)
    if flight_id:
        booked = booked.filter(inventory__flight=flight_id)
    path = "inventory__flight__"
    columns = ("carrier", "flight_number", "origin_id", "destination_id", "departing_at", "cancelled_at")
    rows = (
        booked.values_list("order_id", f"{path}id", *(f"{path}{column}" for column in columns))
        .annotate(units=Sum("quantity"))
        .order_by(f"{path}departing_at", f"{path}id", "order_id")[:most]
    )
    return [
        StrandedOrder(order, flight, f"{carrier} {number} {origin}-{destination}", departs, cancelled, units)
        for order, flight, carrier, number, origin, destination, departs, cancelled, units in rows
    ]
