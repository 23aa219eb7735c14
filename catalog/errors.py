"""What the catalog refuses. Pure."""

from altis.shared.errors import Conflict, Invalid


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


class SeatTaken(Conflict):
    """The seat belongs to somebody else."""

    code = "seat_taken"
    message = "This seat is taken. Choose another one."


class UnknownAirport(Invalid):
    """No airport has this IATA code."""

    code = "unknown_airport"
    message = "No airport has this IATA code."
