"""A flight that will not take place."""

from altis.shared.actors import Actor, Cause
from altis.store.database import command, db_clock
from catalog.models import Flight
from catalog.services import ledger
from catalog.services.flight_rows import lock_flight
from catalog.services.holds import tell_gate_after_commit


def cancel_flight(*, flight_id: str, actor: Actor, reason: str) -> Flight:
    """Off sale for good: nothing more is held from the moment that this commits.

    What is held is left to its order, which is paid or swept by its own deadline; what is sold waits in
    `catalog.selectors.orders_of_cancelled_flights` for somebody to rebook or refund it. Raises FlightNotFound,
    FlightIsCancelled and FlightIsOver.
    """
    cause = Cause(actor, reason)
    with command():
        flight, rows = lock_flight(flight_id)
        tell_gate_after_commit(ledger.shut(rows, closed=True, cause=cause))
        flight.sales_open, flight.cancelled_at = False, db_clock()
        flight.save(update_fields=["sales_open", "cancelled_at"])
    return flight
