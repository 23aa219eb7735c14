"""One command for all disrupted orders of a flight: written down whole, then worked on order by order."""

from django.db import IntegrityError

from altis.backoffice.disruption import alternatives, disrupted_orders
from altis.backoffice.errors import NoSuchFlight, NothingDisrupted, RunGoingOn
from altis.backoffice.models import ONE_RUN_A_FLIGHT, BulkItem, BulkKind, BulkRun
from altis.shared.actors import Actor
from altis.store import jobs
from altis.store.database import command
from catalog.models import Flight

TASK = "backoffice.work_bulk"


def begin_bulk(*, kind: BulkKind, flight_id: str, actor: Actor, reason: str, to_flight_id: str = "") -> BulkRun:
    """Begin to rebook (to `to_flight_id`), or to refund, every disrupted order of a cancelled flight.

    Raises NothingDisrupted, NoSuchFlight, or RunGoingOn while another run works on this flight.
    """
    flight = Flight.objects.filter(pk=flight_id).first()
    if flight is None:
        raise NothingDisrupted
    if kind == BulkKind.REBOOK and not alternatives(flight).filter(pk=to_flight_id).exists():
        raise NoSuchFlight
    run = BulkRun(kind=kind, flight_id=flight_id, to_flight_id=to_flight_id, actor=str(actor), reason=reason)
    try:
        with command():
            orders = disrupted_orders(flight_id).order_by("pk").values_list("pk", "reference")
            items = [BulkItem(run=run, order_id=pk, reference=reference) for pk, reference in orders]
            if not items:
                raise NothingDisrupted
            run.save(force_insert=True)
            BulkItem.objects.bulk_create(items)
            jobs.enqueue(TASK, run.pk)
    except IntegrityError as error:
        if ONE_RUN_A_FLIGHT not in str(error):
            raise
        raise RunGoingOn from error
    return run
