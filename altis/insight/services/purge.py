"""The inbox forgets: ids a month behind the checkpoint, of events that nobody can bring again unnoticed."""

from datetime import datetime, timedelta

from django.db import connections
from django.db.models import Min

from altis.insight.models import Checkpoint, OwedEvent, SeenEvent, StrayMessage
from altis.insight.routing import ANALYTICS
from altis.insight.services.catch_up import real_clock
from altis.insight.services.transactions import bounded
from altis.store.models import OutboxEvent

KEPT = timedelta(days=30)
_MOST_STRAYS = 1000
_BATCH = 5000
_FORGET = "DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {column} < %s LIMIT %s FOR UPDATE SKIP LOCKED)"


def purge_inbox() -> int:
    """Delete ids, and stray messages, that are old enough; returns how many ids.

    The mark is written first: an event older than it counts as projected although its id is gone.
    """
    with bounded():
        checkpoint = Checkpoint.objects.select_for_update().filter(pk=1).first()
        passed = None if checkpoint is None else _passed(checkpoint)
        if checkpoint is None or passed is None:
            return 0
        mark = max(passed, checkpoint.forgotten_before or passed)
        Checkpoint.objects.filter(pk=1).update(forgotten_before=mark)
    _forget_strays()
    purged = 0
    while deleted := _delete(SeenEvent._meta.db_table, "occurred_at", mark):
        purged += deleted
    return purged


def _passed(checkpoint: Checkpoint) -> datetime | None:
    """The instant before which everything is projected, and a month old; None when nothing is."""
    last = OutboxEvent.objects.filter(position__lte=checkpoint.position).order_by("-position").first()
    if last is None:
        return None
    owed = OwedEvent.objects.aggregate(oldest=Min("occurred_at"))["oldest"]
    # The outbox goes by a clock that tests move; what has not happened yet must never be forgotten.
    passed: datetime = min(last.created_at, real_clock(), owed or last.created_at) - KEPT
    return passed


def _forget_strays() -> None:
    old = real_clock() - KEPT
    while _delete(StrayMessage._meta.db_table, "seen_at", old):
        pass
    surplus = StrayMessage.objects.order_by("-pk").values_list("pk", flat=True)[_MOST_STRAYS : _MOST_STRAYS + 1]
    StrayMessage.objects.filter(pk__lte=max(surplus, default=0)).delete()


def _delete(table: str, column: str, before: datetime) -> int:
    with connections[ANALYTICS].cursor() as cursor:
        cursor.execute(_FORGET.format(table=table, column=column), [before, _BATCH])
        return int(cursor.rowcount)
