"""Taking a flight off sale, and putting it back."""

from altis.shared.actors import Actor, Cause
from altis.store.database import command
from catalog.errors import SalesAreSo
from catalog.models import Flight
from catalog.services import ledger
from catalog.services.flight_rows import lock_flight
from catalog.services.holds import tell_gate_after_commit


def close_sales(*, flight_id: str, actor: Actor, reason: str) -> Flight:
    """No search finds the flight, and no accept holds its units; what is held and sold stays.

    Raises FlightNotFound, FlightIsCancelled, FlightIsOver, and SalesAreSo when it was closed before.
    """
    return _set_sales(flight_id, is_open=False, cause=Cause(actor, reason))


def reopen_sales(*, flight_id: str, actor: Actor, reason: str) -> Flight:
    """What is left is for sale again. Raises as `close_sales`, and SalesAreSo when it is open."""
    return _set_sales(flight_id, is_open=True, cause=Cause(actor, reason))


def _set_sales(flight_id: str, *, is_open: bool, cause: Cause) -> Flight:
    with command():
        flight, rows = lock_flight(flight_id)
        # A flight may have been closed without its ledger, by a seed or an import: then the ledger follows.
        others = [row for row in rows if row.closed == is_open]
        if flight.sales_open == is_open and not others:
            raise SalesAreSo
        tell_gate_after_commit(ledger.shut(others, closed=not is_open, cause=cause))
        flight.sales_open = is_open
        flight.save(update_fields=["sales_open"])
    return flight
