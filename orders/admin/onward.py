"""Which flights an order is on, and which could take the place of one: what the dialog of a rebooking offers."""

from datetime import timedelta
from typing import Final

from django.db.models import F, Q

from altis.shared.clock import now
from catalog.models import Flight, Inventory
from orders.lifecycle import ItemStatus
from orders.models import OrderItem

_AROUND: Final = timedelta(days=14)
_MOST_FLIGHTS: Final = 60
Choices = list[tuple[str, str]]


def flights_of(order_id: str) -> list[Flight]:
    """The flights that the order still has seats on, in order of departure."""
    live = OrderItem.objects.filter(order_id=order_id, status=ItemStatus.CONFIRMED, flight__isnull=False)
    return list(Flight.objects.filter(pk__in=live.values("flight_id")).order_by("departing_at"))


def called(flight: Flight) -> str:
    """`AL 101, LHR–JFK, 3 Dec 10:30`."""
    departs = f"{flight.departing_at.day} {flight.departing_at:%b %H:%M}"
    return f"{flight.carrier} {flight.flight_number}, {flight.origin_id}–{flight.destination_id}, {departs}"


def instead_of(flights: list[Flight]) -> Choices:
    """Flights that could take the place of one of these, each with the seats that are left; the service decides."""
    ways = Q(pk__in=())
    for flight in flights:
        around = (flight.departing_at - _AROUND, flight.departing_at + _AROUND)
        ways |= Q(origin=flight.origin_id, destination=flight.destination_id, departing_at__range=around)
    found = Flight.objects.filter(ways, sales_open=True, cancelled_at__isnull=True, departing_at__gt=now()).exclude(
        pk__in=[flight.pk for flight in flights]
    )
    rows = list(found.order_by("origin", "destination", "departing_at")[:_MOST_FLIGHTS])
    left = _seats_left([flight.pk for flight in rows])
    return [(flight.pk, f"{called(flight)}: {left[flight.pk]}") for flight in rows if flight.pk in left]


def _seats_left(flights: list[str]) -> dict[str, str]:
    """`12 economy, 3 business` of each flight that has any."""
    free = F("capacity") + F("forced_over") - F("held") - F("sold")
    rows = (
        Inventory.objects.filter(flight__in=flights, product__isnull=True)
        .annotate(free=free)
        .filter(free__gt=0)
        .order_by("flight_id", "pk")
        .values_list("flight_id", "cabin", "free")
    )
    found: dict[str, list[str]] = {}
    for flight, cabin, seats in rows:
        found.setdefault(flight, []).append(f"{seats} {cabin.replace('_', ' ')}")
    return {flight: ", ".join(cabins) for flight, cabins in found.items()}
