"""Everything once more: the projections and the inbox are emptied, and all events read again."""

from collections.abc import Callable

import structlog
from django.db import connections

from altis.insight.models import (
    Checkpoint,
    DailyAcceptance,
    DailyOrders,
    DailyProductSales,
    DailySales,
    InventoryLoad,
    OrdersByStatus,
    OwedEvent,
    RefundedPayment,
    SeenEvent,
)
from altis.insight.routing import ANALYTICS
from altis.insight.services.catch_up import catch_up
from altis.insight.services.project import Projected, project_records
from altis.insight.services.transactions import bounded
from altis.store.kafka_consumer import read_everything

log = structlog.get_logger(__name__)
_BATCH = 500
_QUIET_SECONDS = 3.0
# The inbox first: whoever is projecting holds it, and nobody waits for it while holding another.
_EMPTIED = (
    SeenEvent,
    RefundedPayment,
    InventoryLoad,
    DailySales,
    DailyProductSales,
    DailyOrders,
    OrdersByStatus,
    DailyAcceptance,
    OwedEvent,
)


def rebuild_from_outbox(*, stopped: Callable[[], bool] = bool) -> int:
    """Read all published events of the outbox again; returns how many. Running consumers may go on meanwhile."""
    _empty()
    return catch_up(at_once=True, stopped=stopped).applied


def rebuild_from_topics(*, stopped: Callable[[], bool] = bool) -> int:
    """Read the topics from their beginnings; what they have lost comes with the next look at the outbox.

    Raises BrokerAway, before anything is emptied.
    """
    batches = read_everything(_BATCH, quiet_seconds=_QUIET_SECONDS)
    next(batches)
    _empty()
    done = Projected()
    for records in batches:
        done += project_records(records)
        if stopped():
            break
    return done.applied


def _empty() -> None:
    tables = ", ".join(model._meta.db_table for model in _EMPTIED)
    with bounded():
        Checkpoint.objects.bulk_create([Checkpoint(id=1)], ignore_conflicts=True)
        checkpoint = Checkpoint.objects.select_for_update().get(pk=1)
        with connections[ANALYTICS].cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables}")
        fresh = Checkpoint(id=1, generation=checkpoint.generation + 1)
        fresh.save(force_update=True)
    log.warning("projections emptied")
