"""Which flights an order is on, and which could take the place of one: what the dialog of a rebooking offers."""

from collections.abc import Mapping
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Final

from catalog.models import Flight
from catalog.selectors import flights_instead, seats_left
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
    others = (flights_instead(flight, within=_AROUND) for flight in flights)
    found = reduce(or_, others, Flight.objects.none()).exclude(pk__in=[flight.pk for flight in flights])
    rows = list(found.order_by("origin", "destination", "departing_at")[:_MOST_FLIGHTS])
    left = seats_left([flight.pk for flight in rows])
    return [(flight.pk, f"{called(flight)}: {_told(left[flight.pk])}") for flight in rows if flight.pk in left]


def _told(left: Mapping[str, int]) -> str:
    """`12 economy, 3 business`."""
    return ", ".join(f"{seats} {cabin.replace('_', ' ')}" for cabin, seats in left.items())
