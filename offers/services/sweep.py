"""The sweep: searches whose offers have expired become impression rows, and their expiry is announced."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection

from altis.shared.clock import iso
from altis.store import outbox
from altis.store.database import command, db_clock
from offers import shelf
from offers.events import SearchExpired
from offers.lifecycle import OfferStatus
from offers.models import Impression, Offer, Outcome

_BATCH = 500
_MOST_BATCHES = 20
# An accept that began in time may commit this much later: two lock waits and a statement at their limits.
_SETTLED = timedelta(seconds=10)
_SWEEP_LOCK = 0x6F666672  # "offr"


def sweep_impressions() -> int:
    """Move expired impressions from the stream to PostgreSQL; returns how many rows were written.

    Any number of sweeps may run, crash and run again: a search gets one row and one event. Raises StoreDown.
    """
    written = 0
    for _ in range(_MOST_BATCHES):
        due = _due()
        if not due:
            break
        with command():
            if not _alone():
                return written
            written += _write([shown for _, shown in due])
        # After the commit: a crash between the two only repeats what is ignored then.
        shelf.forget([id for id, _ in due])
        if len(due) < _BATCH:
            break
    return written


def _due() -> list[tuple[bytes, dict[str, Any]]]:
    """The oldest impressions whose offers nobody can accept any more, in the order in which they were shown."""
    settled = db_clock() - _SETTLED
    due = []
    for id, data in shelf.impressions(_BATCH):
        shown = orjson.loads(data)
        if datetime.fromisoformat(shown["expires_at"]) > settled:
            break
        due.append((id, shown))
    return due


def _alone() -> bool:
    """Whether this transaction is the only sweep; the lock ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _write(shown: Sequence[dict[str, Any]]) -> int:
    ids = [search["search_id"] for search in shown]
    known = set(Impression.objects.filter(pk__in=ids).values_list("pk", flat=True))
    decided = _decisions(ids)
    rows = [_row(search, decided.get(search["search_id"], {})) for search in shown if search["search_id"] not in known]
    Impression.objects.bulk_create(rows)
    outbox.record_many([_event(row) for row in rows])
    return len(rows)


def _decisions(search_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Of each search the status of each decided offer, by its id."""
    decisions: dict[str, dict[str, str]] = {}
    rows = Offer.objects.filter(search_id__in=search_ids).order_by("decided_at", "id")
    for search_id, id, status in rows.values_list("search_id", "id", "status"):
        decisions.setdefault(search_id, {})[id] = status
    return decisions


def _row(shown: dict[str, Any], decided: dict[str, str]) -> Impression:
    accepted = [id for id, status in decided.items() if status == OfferStatus.ACCEPTED]
    ended = Outcome.REJECTED if len(decided) == len(shown["offers"]) else Outcome.EXPIRED
    return Impression(
        search_id=shown["search_id"],
        shown_at=datetime.fromisoformat(shown["shown_at"]),
        expires_at=datetime.fromisoformat(shown["expires_at"]),
        offers=shown["offers"],
        chosen=accepted[0] if accepted else "",
        outcome=Outcome.ACCEPTED if accepted else ended,
        weight=shown["weight"],
    )


def _event(row: Impression) -> SearchExpired:
    return SearchExpired(
        subject=row.search_id,
        sequence=1,
        outcome=str(row.outcome),
        chosen=row.chosen,
        offers=len(row.offers),
        shown_at=iso(row.shown_at),
        weight=str(row.weight),
    )
