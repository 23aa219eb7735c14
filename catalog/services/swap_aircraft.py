"""Another aircraft for one departure: its cabins take the place of those that were."""

from collections.abc import Mapping, Sequence

from altis.shared.actors import Actor, Cause
from altis.store.database import command
from catalog.errors import AircraftTooSmall, UnknownAircraft
from catalog.inventory import Level
from catalog.models import Aircraft, Flight, Inventory
from catalog.selectors import seats_off_the_map
from catalog.services import ledger
from catalog.services.flight_rows import lock_flight
from catalog.services.holds import tell_gate_after_commit

_SEATS_NAMED = 12


def swap_aircraft(*, flight_id: str, aircraft_code: str, actor: Actor, reason: str) -> Flight:
    """Fly with this aircraft: each cabin gets its seats, a cabin that it lacks none, a new one is opened.

    Raises FlightNotFound, FlightIsCancelled, FlightIsOver, UnknownAircraft, and AircraftTooSmall, which names each
    cabin that does not carry what is held and sold (authorised overbooking counts), and the named seats that the new
    map lacks or has in another cabin.
    """
    cause = Cause(actor, reason)
    with command():
        flight, rows = lock_flight(flight_id)
        aircraft = Aircraft.objects.filter(pk=aircraft_code).first()
        if aircraft is None:
            raise UnknownAircraft
        seats = {cabin.cabin: cabin.capacity for cabin in aircraft.cabins.all()}
        cabins = [row for row in rows if row.product_id is None]
        _check(flight, aircraft, cabins, seats)
        new = sorted(seats.keys() - {row.cabin for row in cabins})
        cabins += ledger.open_cabins(flight, new, cause=cause)
        tell_gate_after_commit(_resize(cabins, seats, cause))
        flight.aircraft = aircraft
        flight.save(update_fields=["aircraft"])
    return flight


def _check(flight: Flight, aircraft: Aircraft, cabins: Sequence[Inventory], seats: Mapping[str, int]) -> None:
    short = {row.cabin: row.held + row.sold - row.forced_over - seats.get(row.cabin, 0) for row in cabins}
    told = [f"{cabin.replace('_', ' ')} lacks {by}" for cabin, by in short.items() if by > 0]
    lost = seats_off_the_map(flight.pk, aircraft.pk, instead_of=flight.aircraft_id)
    if lost:
        more = f" and {len(lost) - _SEATS_NAMED} more" if len(lost) > _SEATS_NAMED else ""
        told.append(f"in its cabin there is no seat {', '.join(lost[:_SEATS_NAMED])}{more}")
    if told:
        raise AircraftTooSmall(f"{aircraft} does not carry everybody who is booked: {'; '.join(told)}.")


def _resize(cabins: Sequence[Inventory], seats: Mapping[str, int], cause: Cause) -> list[Level]:
    levels = []
    for row in cabins:
        capacity = seats.get(row.cabin, 0)
        if capacity != row.capacity:
            levels += ledger.resize([row], capacity=capacity, forced_over=row.forced_over, cause=cause)
    return levels
