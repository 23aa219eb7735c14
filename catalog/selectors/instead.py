"""What could take the place of a flight: who is to go on another one is shown these."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import F, QuerySet

from altis.store.database import DbNow
from catalog.models import Flight, Inventory


def flights_instead(flight: Flight, *, within: timedelta) -> QuerySet[Flight]:
    """Other flights of the same route that are on sale and have not left, so many days earlier or later at the most.

    By the local date of departure, as the index of the routes has it. Full ones too: `seats_left` tells which are.
    """
    return Flight.objects.filter(
        origin=flight.origin_id,
        destination=flight.destination_id,
        departure_date__range=(flight.departure_date - within, flight.departure_date + within),
        cancelled_at__isnull=True,
        sales_open=True,
        departing_at__gt=DbNow(),
    ).exclude(pk=flight.pk)


def seats_left(flight_ids: Collection[str]) -> dict[str, dict[str, int]]:
    """Seats for sale by flight and cabin; without cabins that are full, and flights that are. One query."""
    rows = (
        Inventory.objects.filter(flight__in=flight_ids, product__isnull=True)
        .annotate(free=F("capacity") + F("forced_over") - F("held") - F("sold"))
        .filter(free__gt=0)
        .order_by("flight_id", "pk")
        .values_list("flight_id", "cabin", "free")
    )
    found: dict[str, dict[str, int]] = {}
    for flight, cabin, seats in rows:
        found.setdefault(flight, {})[cabin] = seats
    return found
