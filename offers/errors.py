"""What the offers app refuses. Pure."""

from altis.shared.errors import Conflict, Fault, Gone, Invalid, NotFound


class OfferNotFound(NotFound):
    """No such offer, or it expired long ago."""

    code = "offer_not_found"
    message = "There is no such offer. Search again."


class OfferExpired(Gone):
    """The offer's time is over."""

    code = "offer_expired"
    message = "The offer has expired. Search again for a fresh one."


class OfferAlreadyAccepted(Conflict):
    """An order was placed from this offer before."""

    code = "offer_already_accepted"
    message = "An order was already placed from this offer."


class OfferCancelled(Conflict):
    """The offer was rejected before."""

    code = "offer_cancelled"
    message = "The offer was rejected. Search again for a fresh one."


class SameAirport(Invalid):
    """A slice leads nowhere."""

    code = "same_airport"
    message = "Origin and destination are the same airport."


class DepartureInPast(Invalid):
    """The date is over at the origin."""

    code = "departure_in_past"
    message = "The departure date is in the past."


class SlicesOutOfOrder(Invalid):
    """A slice departs before the one that it follows."""

    code = "slices_out_of_order"
    message = "A slice cannot depart before the one before it."


class TooManyPassengers(Invalid):
    """More than may travel on one offer."""

    code = "too_many_passengers"
    message = "At most nine passengers can travel together."


class TooManyInfants(Invalid):
    """An infant travels on an adult's lap."""

    code = "too_many_infants"
    message = "There can be no more infants than adults."


class InvalidAge(Invalid):
    """The age does not fit the type of passenger."""

    code = "invalid_age"
    message = "The age does not fit: infants are under 2, children 2 to 11, adults 12 or older."


def fault(kind: type[Invalid], pointer: str) -> Fault:
    """This error about one value, to be raised together with others."""
    return Fault(pointer, kind.code, kind.message)
