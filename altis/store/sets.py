"""Moves of whole sets, for rows that nobody loads: the sibling of `transition` and `outbox` for the sweep.

A sweep ends a hundred thousand orders; made into objects one by one they cost ten times what the database needs.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import F, Lookup, QuerySet, sql

from altis.shared.events import Event
from altis.shared.ids import new_id
from altis.store.transition import LostRace

# All rows as one JSON text: the driver would escape an array of JSON texts quote by quote.
_EVENTS = """
INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, created_at, error)
SELECT e.id, e.topic, e.type, e.subject, e.sequence, e.payload, '{}', altis_now(), ''
  FROM jsonb_to_recordset(%s::jsonb)
       AS e(id text, topic text, type text, subject text, sequence bigint, payload jsonb)
"""


class AnyOf(Lookup):
    """`AnyOf(F("pk"), ids)`: as `pk__in`, with all values in one parameter."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column = ANY(array)`."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, list(self.rhs))


def move_set(rows: QuerySet[Any], to: str, *, came_from: str, count: int | None = None) -> Mapping[Any, int]:
    """Move the rows of a query that are `came_from`, by one guarded UPDATE; returns the version of each by its key.

    For models that tell nothing of a move, and for callers that tell it themselves in the same transaction. With
    `count`, that many or none. Raises IllegalMove when the lifecycle has no such move, LostRace.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a move is made in the transaction of its command")
    rows.model.LIFECYCLE.check(came_from, to)
    moved = _update(rows.filter(status=came_from), status=to, version=F("version") + 1)
    if count is not None and len(moved) != count:
        raise LostRace
    return moved


def record_set(events: Sequence[Event], *, ids: Sequence[str] | None = None) -> None:
    """Write many events by one statement, as `outbox.record_many`; a part of a payload may be an `orjson.Fragment`."""
    if not connection.in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of the change it announces")
    if not events:
        return
    rows = [
        {
            "id": id,
            "topic": event.topic,
            "type": event.type,
            "subject": event.subject,
            "sequence": event.sequence,
            "payload": event.payload(),
        }
        for id, event in zip(ids or [new_id("evt") for _ in events], events, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [orjson.dumps(rows).decode()])


def _update(rows: QuerySet[Any], **values: Any) -> dict[Any, int]:
    """Django's own UPDATE, which cannot say what it changed, with a RETURNING behind it."""
    query = cast("sql.UpdateQuery", rows.order_by().query.chain(sql.UpdateQuery))
    query.add_update_values(values)
    try:
        text, parameters = query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:  # nothing can match
        return {}
    key = connections[rows.db].ops.quote_name(str(rows.model._meta.pk.column))
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"{text} RETURNING {key}, version", parameters)
        return dict(cursor.fetchall())
