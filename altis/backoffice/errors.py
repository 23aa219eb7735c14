"""What the back-office's own commands refuse."""

from altis.shared.errors import Conflict, NotFound


class NothingDisrupted(Conflict):
    """The flight flies, or all its orders have been looked after."""

    code = "nothing_disrupted"
    message = "No paid order is left on this flight, or the flight is not cancelled."


class RunGoingOn(Conflict):
    """One command for all orders of a flight at a time."""

    code = "run_going_on"
    message = "All orders of this flight are being worked on already. Wait until that run has ended."


class NoSuchFlight(NotFound):
    """The flight to rebook to is unknown, cancelled, gone, or goes elsewhere."""

    code = "no_such_flight"
    message = "Choose a flight of the same route that is on sale and has not left."


class AlreadySettled(Conflict):
    """A colleague was faster."""

    code = "already_settled"
    message = "Somebody has settled this already."


class NothingToSettle(Conflict):
    """The row needs nobody's word: it is gone, or on its way again."""

    code = "nothing_to_settle"
    message = "This row does not wait for anybody. Nothing was changed."
