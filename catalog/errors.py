"""What the catalog refuses. Pure."""

from altis.shared.errors import Conflict, Invalid, NotFound


class NotSellable(Conflict):
    """There is no capacity, so there is no price."""

    code = "not_sellable"
    message = "This has no capacity and cannot be sold."


class SoldOut(Conflict):
    """Fewer units are left than are wanted."""

    code = "sold_out"
    message = "Not enough is left. Search again for what is still on sale."


class CapacityBelowSold(Conflict):
    """More units are held and sold than the new capacity allows."""

    code = "capacity_below_sold"
    message = "More is held and sold than that. Allow the difference as overbooking, or move customers first."


class FlightNotFound(NotFound):
    """No flight has this id."""

    code = "flight_not_found"
    message = "There is no such flight."


class FlightIsCancelled(Conflict):
    """A cancelled flight is not changed any more."""

    code = "flight_cancelled"
    message = "This flight is cancelled, and stays so."


class FlightIsOver(Conflict):
    """What was flown is history, and changed no more."""

    code = "flight_over"
    message = "This flight landed more than a day ago: it is history."


class SalesAreSo(Conflict):
    """The flight's sales are closed, or open, as they should become."""

    code = "sales_unchanged"
    message = "The sales of this flight are so already."


class OverbookingTooHigh(Conflict):
    """More than the setting allows for this cabin."""

    code = "overbooking_too_high"
    message = "That is more overbooking than is allowed for this cabin."


class AircraftTooSmall(Conflict):
    """The cabins or the seats of another aircraft do not carry whom this flight has."""

    code = "aircraft_too_small"
    message = "This aircraft does not carry everybody who is booked."


class UnknownAircraft(Invalid):
    """No aircraft has this code."""

    code = "unknown_aircraft"
    message = "There is no such aircraft."


class SeatTaken(Conflict):
    """The seat belongs to somebody else."""

    code = "seat_taken"
    message = "This seat is taken. Choose another one."


class UnknownAirport(Invalid):
    """No airport has this IATA code."""

    code = "unknown_airport"
    message = "No airport has this IATA code."
