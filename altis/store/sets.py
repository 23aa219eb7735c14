"""Moves of whole sets, for rows that nobody loads: the sibling of `transition` and `outbox` for the sweep.

A sweep ends a hundred thousand orders; made into objects one by one they cost ten times what the database needs.
"""

from collections.abc import Iterable
from typing import Any, cast

from django.db import connection
from django.db.models import F, Lookup, QuerySet, sql

from altis.store.pipeline import put
from altis.store.statements import as_text
from altis.store.transition import LostRace

_BY_INDEX = b"SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)"


def go_by_index() -> None:
    """For the rest of the transaction: find rows by an index and in its order, whatever the statistics say.

    When very many rows have come at once the statistics do not know it yet, and PostgreSQL reads or sorts all of them
    to find each set.
    """
    put(_BY_INDEX)


def array(values: Iterable[Any]) -> str:
    """Numbers or ids as the text of one array: the driver would quote them one by one."""
    return (as_text(list(values)) or b"").decode()


class AnyOf(Lookup):
    """`AnyOf(F("pk"), ids)`: as `pk__in`, with all values in one parameter."""

    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column = ANY(array)`."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*parameters, array(self.rhs))


def move_set(rows: QuerySet[Any], to: str, *, came_from: str, count: int | None = None) -> int:
    """Move the rows of a query that are `came_from`, by one guarded UPDATE; returns how many there were.

    For models that tell nothing of a move, and for callers that tell it themselves in the same transaction. With
    `count`, that many or none. Raises IllegalMove when the lifecycle has no such move, LostRace.
    """
    moved = _movable(rows, to, came_from).update(**_moved(to))
    if count is not None and moved != count:
        raise LostRace
    return moved


def move_and_read(rows: QuerySet[Any], to: str, *, came_from: str, columns: str) -> list[tuple[Any, ...]]:
    """The same, returning these columns of each row that was moved, in any order."""
    query = cast("sql.UpdateQuery", _movable(rows, to, came_from).query.chain(sql.UpdateQuery))
    query.add_update_values(_moved(to))
    text, parameters = query.get_compiler(rows.db).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(f"{text} RETURNING {columns}", parameters)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())


def _movable(rows: QuerySet[Any], to: str, came_from: str) -> QuerySet[Any]:
    if not connection.in_atomic_block:
        raise RuntimeError("a move is made in the transaction of its command")
    rows.model.LIFECYCLE.check(came_from, to)
    # In two halves: a plain `status = …` can lead the planner to a partial index, and so to all rows that have it.
    return rows.filter(status__gte=came_from, status__lte=came_from).order_by()


def _moved(to: str) -> dict[str, Any]:
    return {"status": to, "version": F("version") + 1}
