"""Paid orders whose flight was cancelled, and the flights that could take their travellers."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet

from altis.store.database import DbNow
from catalog.lifecycle import HoldStatus
from catalog.models import Flight, Hold
from orders.lifecycle import OrderStatus
from orders.models import Order

STILL_PAID = (OrderStatus.PAID, OrderStatus.FULFILLED)
_DAYS = 3
_MOST = 20


def disrupted_orders(flight_id: str | None = None) -> QuerySet[Order]:
    """Orders that are PAID or FULFILLED and have sold units on a cancelled flight: on this one, or on any."""
    sold = Hold.objects.filter(status=HoldStatus.SOLD, inventory__flight__cancelled_at__isnull=False)
    if flight_id is not None:
        sold = sold.filter(inventory__flight=flight_id)
    return Order.objects.filter(pk__in=sold.values("order_id"), status__in=STILL_PAID)


def disrupted_flights() -> QuerySet[Flight]:
    """Cancelled flights that such an order is on, the next to leave first."""
    orders = Order.objects.filter(pk=OuterRef("order_id"), status__in=STILL_PAID)
    sold = Hold.objects.filter(Exists(orders), inventory__flight=OuterRef("pk"), status=HoldStatus.SOLD)
    return Flight.objects.filter(Exists(sold), cancelled_at__isnull=False).order_by("departing_at")


def is_disrupted(order_id: str, flight_id: str) -> bool:
    """Whether this order still has to be looked after because of this flight."""
    return disrupted_orders(flight_id).filter(pk=order_id).exists()


def alternatives(flight: Flight) -> list[Flight]:
    """Flights of the same route within three days that are on sale and have not left, the nearest first."""
    span = timedelta(days=_DAYS)
    found = (
        Flight.objects.filter(
            origin=flight.origin_id,
            destination=flight.destination_id,
            departure_date__range=(flight.departure_date - span, flight.departure_date + span),
            cancelled_at__isnull=True,
            sales_open=True,
            departing_at__gt=DbNow(),
        )
        .exclude(pk=flight.pk)
        .prefetch_related("inventory")
    )
    return sorted(found, key=lambda other: abs(other.departing_at - flight.departing_at))[:_MOST]


def seats_left(flight: Flight) -> int:
    """Seats of all cabins that are still for sale."""
    return sum(each.available for each in flight.inventory.all() if each.product_id is None)
