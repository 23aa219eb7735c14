"""All work lists, in the order in which they are shown: what a customer waits for first."""

from altis.backoffice.worklists.disrupted import DISRUPTED
from altis.backoffice.worklists.failed_refunds import FAILED_REFUNDS
from altis.backoffice.worklists.gate_drift import GATE_DRIFT
from altis.backoffice.worklists.parked_events import PARKED_EVENTS
from altis.backoffice.worklists.row import WorkList
from altis.backoffice.worklists.stuck_payments import STUCK_PAYMENTS
from altis.backoffice.worklists.webhooks import WEBHOOKS

LISTS: tuple[WorkList, ...] = (DISRUPTED, STUCK_PAYMENTS, FAILED_REFUNDS, WEBHOOKS, GATE_DRIFT, PARKED_EVENTS)


def list_named(name: str) -> WorkList | None:
    """The list of this name."""
    return next((each for each in LISTS if each.name == name), None)
