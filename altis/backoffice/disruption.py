"""Paid orders whose flight was cancelled, and the flights that could take their travellers."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet

from catalog.lifecycle import HoldStatus
from catalog.models import Flight, Hold
from catalog.selectors import flights_instead, stranded_holds
from orders.lifecycle import SOLD
from orders.models import Order

_WITHIN = timedelta(days=3)
_MOST = 20


def disrupted_orders(flight_id: str | None = None) -> QuerySet[Order]:
    """Orders that are PAID or FULFILLED and have sold units on a cancelled flight: on this one, or on any."""
    stranded = stranded_holds()
    if flight_id is not None:
        stranded = stranded.filter(inventory__flight=flight_id)
    return Order.objects.filter(pk__in=stranded.values("order_id"), status__in=SOLD)


def disrupted_flights() -> QuerySet[Flight]:
    """Cancelled flights that such an order is on, the next to leave first."""
    orders = Order.objects.filter(pk=OuterRef("order_id"), status__in=SOLD)
    sold = Hold.objects.filter(Exists(orders), inventory__flight=OuterRef("pk"), status=HoldStatus.SOLD)
    return Flight.objects.filter(Exists(sold), cancelled_at__isnull=False).order_by("departing_at")


def is_disrupted(order_id: str, flight_id: str) -> bool:
    """Whether this order still has to be looked after because of this flight."""
    return disrupted_orders(flight_id).filter(pk=order_id).exists()


def alternatives(flight: Flight) -> QuerySet[Flight]:
    """Flights of the same route within three days that are on sale and have not left: where a run may rebook to."""
    return flights_instead(flight, within=_WITHIN)


def nearest_alternatives(flight: Flight) -> list[Flight]:
    """The nearest of them, as many as a page shows."""
    return sorted(alternatives(flight), key=lambda other: abs(other.departing_at - flight.departing_at))[:_MOST]
