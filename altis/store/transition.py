"""The only writer of a status: a guarded UPDATE, its history row and its event, in the caller's transaction."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol, cast

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from psycopg.errors import UniqueViolation

from altis.shared.actors import Cause
from altis.shared.errors import Conflict
from altis.shared.events import Event
from altis.shared.lifecycle import Lifecycle
from altis.store import outbox


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


def begin_many(rows: Sequence[Stateful], *, cause: Cause) -> None:
    """Insert rows of one model in the status where their life starts."""
    if not rows:
        return
    for row in rows:
        row.status, row.version = row.LIFECYCLE.start, 1
    _manager(rows[0]).bulk_create(rows)
    _tell(rows, came_from=None, cause=cause)


def move(row: Stateful, to: str, *, cause: Cause, only_if: Q | None = None, **also: Any) -> None:
    """Move one row to a status, writing the columns in `also` with it.

    The UPDATE repeats what was decided on (status, version and `only_if`), so of two that race one wins.
    Raises IllegalMove when the lifecycle has no such move, LostRace when the row is no longer as it was read.
    """
    move_many([row], to, cause=cause, only_if=only_if, **also)


def move_many(rows: Sequence[Stateful], to: str, *, cause: Cause, only_if: Q | None = None, **also: Any) -> None:
    """Move rows that share one status, all or none; raises IllegalMove or LostRace."""
    if not rows:
        return
    if not connection.in_atomic_block:
        raise RuntimeError("a move is made in the transaction of its command")
    came_from = rows[0].status
    rows[0].LIFECYCLE.check(came_from, to)
    unchanged = Q(pk__in=[row.pk for row in rows], status=came_from)
    if len(rows) == 1:
        unchanged &= Q(version=rows[0].version)
    moved = (
        _manager(rows[0])
        .filter(unchanged, only_if or Q())
        .order_by()
        .update(status=to, version=models.F("version") + 1, **also)
    )
    if moved != len(rows):
        raise LostRace
    for row in rows:
        row.status, row.version = to, row.version + 1
        for name, value in also.items():
            setattr(row, name, value)
    _tell(rows, came_from=came_from, cause=cause)


def conclude(row: Stateful, to: str, *, cause: Cause) -> None:
    """Insert a row that is first written with its first move, as version 1.

    Raises IllegalMove, and LostRace when the row is there: the primary key decides between two that race. The loser's
    transaction goes on, and reads the winner's row.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a move is made in the transaction of its command")
    row.LIFECYCLE.check(row.LIFECYCLE.start, to)
    row.status, row.version = to, 1
    try:
        with transaction.atomic():
            _manager(row).bulk_create([row])
    except IntegrityError as error:
        if isinstance(error.__cause__, UniqueViolation):
            raise LostRace from error
        raise
    _tell([row], came_from=row.LIFECYCLE.start, cause=cause)


def _tell(rows: Sequence[Stateful], *, came_from: str | None, cause: Cause) -> None:
    stories = [row.told(came_from=came_from, cause=cause) for row in rows]
    histories = [history for history, _ in stories if history is not None]
    if histories:
        _manager(histories[0]).bulk_create(histories)
    told = [(event, history.pk if history else None) for history, event in stories if event is not None]
    if told:
        ids = [id for _, id in told if id]
        outbox.record_many([event for event, _ in told], ids=ids or None)


def _manager(row: object) -> Any:
    return cast("Any", type(row)).objects
