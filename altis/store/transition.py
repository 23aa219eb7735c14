"""The only writer of a status: a guarded UPDATE, its history row and its event, in the caller's transaction.

In a `command()` the statements wait in the queue (altis.store.pipeline), and so does the refusal of a move that lost
its race: it comes with the next answer, or instead of the commit. `lost` says what it then is.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, ClassVar, Protocol, cast

from django.db import connection, models
from django.db.models import Q
from django.db.models.sql import Query

from altis.shared.actors import Cause
from altis.shared.errors import Conflict
from altis.shared.events import Event
from altis.shared.lifecycle import Lifecycle
from altis.store import outbox, rows
from altis.store.pipeline import put
from altis.store.statements import Answer

Refusal = Callable[[], Exception]


class LostRace(Conflict):
    """Somebody else changed the row first: reload and decide again."""

    code = "state_changed"
    message = "Something else changed this at the same moment. Read it again."


class Stateful(Protocol):
    """A model with a status, a version that counts its moves, and a lifecycle that says which moves there are."""

    LIFECYCLE: ClassVar[Lifecycle[Any]]
    pk: Any
    status: str
    version: int

    def told(self, *, came_from: str | None, cause: Cause) -> tuple[models.Model | None, Event | None]:
        """The unsaved history row and the event of the move just made; either may be None."""
        ...


def begin(row: Stateful, *, cause: Cause) -> None:
    """Insert a row in the status where its life starts, as version 1, with its history and event."""
    begin_many([row], cause=cause)


def begin_many(stateful: Sequence[Stateful], *, cause: Cause) -> None:
    """Insert rows of one model in the status where their life starts."""
    if not stateful:
        return
    for row in stateful:
        row.status, row.version = row.LIFECYCLE.start, 1
    rows.insert(cast("Sequence[models.Model]", stateful))
    _tell(stateful, came_from=None, cause=cause)


def move(
    row: Stateful, to: str, *, cause: Cause, only_if: Q | None = None, lost: Refusal | None = None, **also: Any
) -> None:
    """Move one row to a status, writing the columns in `also` with it.

    The UPDATE repeats what was decided on (status, version and `only_if`), so of two that race one wins.
    Raises IllegalMove when the lifecycle has no such move, LostRace when the row is no longer as it was read.
    """
    move_many([row], to, cause=cause, only_if=only_if, lost=lost, **also)


def move_many(
    stateful: Sequence[Stateful],
    to: str,
    *,
    cause: Cause,
    only_if: Q | None = None,
    lost: Refusal | None = None,
    **also: Any,
) -> None:
    """Move rows that share one status, all or none; raises IllegalMove, or LostRace (or what `lost` makes)."""
    if not stateful:
        return
    _require_transaction()
    came_from = stateful[0].status
    stateful[0].LIFECYCLE.check(came_from, to)
    _update(stateful, to, only_if=only_if, lost=lost or LostRace, also=also)
    for row in stateful:
        row.status, row.version = to, row.version + 1
        for name, value in also.items():
            setattr(row, name, value)
    _tell(stateful, came_from=came_from, cause=cause)


def move_along(row: Stateful, *steps: tuple[str, Cause], **also: Any) -> None:
    """Move one row through several statuses by one UPDATE; every move leaves its history row and its event.

    Raises IllegalMove, or LostRace when the row is no longer as it was read.
    """
    _require_transaction()
    before = row.status
    for to, _ in steps:
        row.LIFECYCLE.check(before, to)
        before = to
    _update([row], before, only_if=None, lost=LostRace, also=also, moves=len(steps))
    for name, value in also.items():
        setattr(row, name, value)
    for to, cause in steps:
        before, row.status, row.version = row.status, to, row.version + 1
        _tell([row], came_from=before, cause=cause)


def stay(row: Stateful, *, cause: Cause, only_if: Q | None = None, lost: Refusal | None = None, **also: Any) -> None:
    """Write columns of a row that stays in its status: one version more, with its history row and its event.

    The guard is that of a move. `told` hears that the row came from where it is. Raises LostRace (or what `lost`
    makes).
    """
    _require_transaction()
    _update([row], row.status, only_if=only_if, lost=lost or LostRace, also=also)
    row.version += 1
    for name, value in also.items():
        setattr(row, name, value)
    _tell([row], came_from=row.status, cause=cause)


def conclude(row: Stateful, to: str, *, cause: Cause, lost: Callable[[], Exception] | None = None) -> None:
    """Insert a row that is first written with its first move, as version 1.

    Raises IllegalMove, and LostRace (or what `lost` finds) when the row is there: the primary key decides between two
    that race. The loser's transaction can go on, and read the winner's row.
    """
    _require_transaction()
    came_from = row.LIFECYCLE.start
    row.LIFECYCLE.check(came_from, to)
    row.status, row.version = to, 1

    def check(answer: Answer) -> None:
        if answer.count() != 1:
            raise (lost or LostRace)()
        _tell([row], came_from=came_from, cause=cause)

    rows.insert_unless_there(cast("models.Model", row), check=check)


def _update(  # noqa: PLR0913 - keyword-only data of one statement
    stateful: Sequence[Stateful],
    to: str,
    *,
    only_if: Q | None,
    lost: Refusal,
    also: dict[str, Any],
    moves: int = 1,
) -> None:
    model = type(cast("models.Model", stateful[0]))
    alone = len(stateful) == 1
    params: list[Any] = [[row.pk for row in stateful], stateful[0].status, to, len(stateful)]
    params += [rows.plain_value(model, name, value) for name, value in also.items()]
    if alone:
        params.append(stateful[0].version)
    text = _moving(model, tuple(also), alone, moves)
    if only_if is not None:
        condition, values = _condition(model, only_if, len(params))
        text, params = text.replace(b"/*if*/", condition), [*params, *values]
    put(text, *params, refusals={"AL001": lost})


@lru_cache(maxsize=128)
def _moving(model: type[models.Model], also: tuple[str, ...], alone: bool, moves: int) -> bytes:
    """The guarded UPDATE, which fails with AL001 unless it changes as many rows as are named."""
    meta = model._meta
    columns = "".join(
        f', "{cast("Any", meta.get_field(name)).column}" = ${number}' for number, name in enumerate(also, 5)
    )
    version = f" AND version = ${5 + len(also)}" if alone else ""
    table, key = meta.db_table, meta.pk.column
    return (
        f'WITH moved AS (UPDATE "{table}" SET status = $3, version = version + {moves}{columns}'
        f' WHERE "{key}" = ANY($1) AND status = $2{version}/*if*/ RETURNING 1)'
        " SELECT altis_expect((SELECT count(*) FROM moved), $4)"
    ).encode()


@lru_cache(maxsize=64)
def _condition(model: type[models.Model], only_if: Q, after: int) -> tuple[bytes, tuple[Any, ...]]:
    """A further condition, with its parameters numbered after those that are there."""
    query = Query(model, alias_cols=False)
    text, params = query.build_where(only_if).as_sql(query.get_compiler(connection=connection), connection)
    for number in range(after + 1, after + 1 + len(params)):
        text = text.replace("%s", f"${number}", 1)
    return f" AND {text}".encode(), tuple(params)


def _tell(stateful: Sequence[Stateful], *, came_from: str | None, cause: Cause) -> None:
    stories = [row.told(came_from=came_from, cause=cause) for row in stateful]
    rows.insert([history for history, _ in stories if history is not None])
    told = [(event, history.pk if history else None) for history, event in stories if event is not None]
    if told:
        ids = [id for _, id in told if id]
        outbox.record_many([event for event, _ in told], ids=ids or None)


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a move is made in the transaction of its command")
