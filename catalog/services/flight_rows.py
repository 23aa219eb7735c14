"""The rows that a command on a flight decides on, locked in the order in which everybody locks them."""

from collections.abc import Sequence

from django.db.models import Q

from altis.store.database import db_clock
from catalog.errors import FlightIsCancelled, FlightIsOver, FlightNotFound
from catalog.models import Flight, Inventory


def lock_inventory(condition: Q) -> list[Inventory]:
    """These rows of the ledger in ascending order of id, as orders lock them, in the caller's transaction."""
    return list(Inventory.objects.filter(condition).order_by("pk").select_for_update(no_key=True))


def lock_flight(flight_id: str) -> tuple[Flight, Sequence[Inventory]]:
    """A flight that may be changed, with all of its inventory; raises as `live_flight`.

    The inventory first: whoever holds those rows is alone with the flight, since each command locks them.
    """
    rows = lock_inventory(Q(flight=flight_id))
    return live_flight(flight_id), rows


def live_flight(flight_id: str) -> Flight:
    """The flight, locked; raises FlightNotFound, FlightIsCancelled, and FlightIsOver for what is history."""
    flight = Flight.objects.filter(pk=flight_id).select_for_update(no_key=True).first()
    if flight is None:
        raise FlightNotFound
    if flight.cancelled_at is not None:
        raise FlightIsCancelled
    if flight.is_over(db_clock()):
        raise FlightIsOver
    return flight
