"""One statement and its answer, in PostgreSQL's text form; and what its failure means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.db import DatabaseError
from psycopg import Error, IntegrityError
from psycopg.pq.abc import PGresult

from altis.store.wire import Sent

Row = tuple[str | None, ...]
# By SQLSTATE, or by the name of a constraint: what is raised instead of the database's own error.
Refusals = Mapping[str, Callable[[], Exception]]
# Classes of SQLSTATE after which a transaction is known to be rolled back; of a session that ended nothing is known.
_CERTAIN = frozenset(("0A", "22", "23", "40", "42", "53", "54", "55", "AL", "P0"))
_CANCELLED = "57014"  # by the statement timeout; its class has the ends of sessions too


class Refused(IntegrityError):
    """Carries a refusal through Django's transaction handling, which rolls back for errors of the database."""

    def __init__(self, refusal: Exception) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class Answer:
    """What one statement has answered, or will: asking sends the queue. Raises what a check or the database refuses."""

    __slots__ = ("_flush", "_result")

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush
        self._result: PGresult | None = None

    @property
    def here(self) -> bool:
        """Whether the answer has come."""
        return self._result is not None

    def come(self, result: PGresult) -> None:
        """Keep what the server said."""
        self._result = result

    def rows(self) -> list[Row]:
        """The rows, in PostgreSQL's text form."""
        result = self._get()
        read, columns = result.get_value, range(result.nfields)
        # Written out: a page of a list has a thousand cells, and calls for each of them took longer than its query.
        return [
            tuple([None if (cell := read(row, column)) is None else cell.decode() for column in columns])
            for row in range(result.ntuples)
        ]

    def count(self) -> int:
        """How many rows were found or written."""
        return self._get().command_tuples or 0

    def _get(self) -> PGresult:
        if self._result is None:
            self._flush()
        if self._result is None:
            raise RuntimeError("the transaction of this statement has ended without it")
        return self._result


Check = Callable[[Answer], object]


class Waiting(Protocol):
    """Something in the queue: its form on the wire is asked for when it is sent."""

    @property
    def answer(self) -> Answer:
        """What will be answered."""

    @property
    def check(self) -> Check | None:
        """What judges the answer."""

    @property
    def refusals(self) -> Refusals:
        """What the database's errors mean."""

    def sent(self) -> Sent:
        """The statement."""
        ...


@dataclass(slots=True)
class Statement:
    """One statement. `check` judges its answer in Python; `refusals` says what the database's errors mean."""

    words: Sent
    answer: Answer
    check: Check | None = None
    refusals: Refusals = field(default_factory=dict)

    def sent(self) -> Sent:
        """The statement as it was put."""
        return self.words


def refusal_of(error: DatabaseError) -> Exception | None:
    """The refusal that an error of the database carries."""
    return error.__cause__.refusal if isinstance(error.__cause__, Refused) else None


def was_answered(error: BaseException) -> bool:
    """Whether the server itself said why the transaction failed: then nothing of it stands, and that is certain."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, Refused) or (isinstance(cause, Error) and _is_certain(cause.sqlstate or "")):
            return True
        cause = cause.__cause__
    return False


def _is_certain(sqlstate: str) -> bool:
    return sqlstate[:2] in _CERTAIN or sqlstate == _CANCELLED


def as_text(value: object) -> bytes | None:
    """A parameter in PostgreSQL's text form; lists are arrays of numbers or of ids. Raises ValueError for a NUL."""
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, list | tuple):
        return b"{%s}" % b",".join(_element(each) for each in value)
    text = value if isinstance(value, str) else str(value)
    if "\0" in text:
        raise ValueError("text for the database has no NUL in it")
    return text.encode()


def _element(value: object) -> bytes:
    if isinstance(value, int):
        return b"%d" % value
    return b'"%s"' % str(value).replace("\\", r"\\").replace('"', r"\"").encode()
