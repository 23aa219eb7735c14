"""Prepared statements on one connection, many in one round trip: libpq's pipeline, spoken directly.

psycopg's own pipeline mode waits for the answer to BEGIN and once more at its end, and costs some 30 µs a statement;
Django's cursors cannot be used in it. A statement's text is prepared once per connection, under a name of ours.
"""

from collections.abc import Sequence
from itertools import count
from typing import Final, NamedTuple, TypeAlias

from psycopg import Connection, Error, InternalError, OperationalError, errors
from psycopg.abc import PQGen
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from altis.store.bounded import THROWN_OUT

Session: TypeAlias = Connection[tuple[object, ...]]
_FAILED: Final = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)
# The server has lost or outlived what was prepared: it is prepared anew by whoever comes next.
_STALE: Final = frozenset(("26000", "0A000"))


class Sent(NamedTuple):
    """A text with `$1` in the places of its parameters, and these in PostgreSQL's text form."""

    text: bytes
    params: Sequence[bytes | None]


_BEGIN, _COMMIT = Sent(b"BEGIN", ()), Sent(b"COMMIT", ())
_numbers = count(1)  # of prepared statements, in all connections of this process


class Failure(Exception):
    """The statement at `index` failed (the COMMIT has the index behind the last); `results` are those before it."""

    def __init__(self, index: int, error: Error, results: list[PGresult]) -> None:
        super().__init__(index, error)
        self.index, self.error, self.results = index, error, results


class _Step(NamedTuple):
    """One command of an exchange: which statement it belongs to, what it executes or prepares."""

    number: int
    sent: Sent
    name: bytes = b""
    prepares: bool = False


def exchange(raw: Session, names: dict[bytes, bytes], statements: Sequence[Sent], *, commit: bool) -> list[PGresult]:
    """Send the statements, after a BEGIN where a transaction is wanted and not open, and perhaps a COMMIT behind them.

    One round trip; raises Failure for the first that fails, after which PostgreSQL has skipped the rest. `names` are
    the texts that this connection has prepared.
    """
    session = raw.pgconn
    begin = not raw.autocommit and session.transaction_status == TransactionStatus.IDLE
    steps = _steps(names, statements, begin=begin, commit=commit)
    with raw.lock:
        try:
            _put(session, steps)
            results = raw.wait(_talk(session, len(steps) + 1))
            session.exit_pipeline_mode()
        except BaseException:
            # Nobody knows what the server has done of it, and its answers would be taken for the next ones.
            session.finish()
            raise
    done: list[PGresult] = []
    for step, result in zip(steps, results, strict=False):
        if result.status in _FAILED:
            raise Failure(step.number, _error(raw, result, names), done)
        if step.prepares:
            names[step.sent.text] = step.name
        elif step.sent is not _BEGIN:
            done.append(result)
    if commit and done.pop().command_status != b"COMMIT":
        raise Failure(len(statements), InternalError("the transaction was rolled back by its own COMMIT"), done)
    return done


def _steps(names: dict[bytes, bytes], statements: Sequence[Sent], *, begin: bool, commit: bool) -> list[_Step]:
    steps = [_Step(0, _BEGIN)] if begin else []
    fresh: dict[bytes, bytes] = {}
    for index, sent in enumerate(statements):
        name = names.get(sent.text) or fresh.get(sent.text)
        if name is None:
            name = fresh[sent.text] = b"altis_%d" % next(_numbers)
            steps.append(_Step(index, sent, name, prepares=True))
        steps.append(_Step(index, sent, name))
    return [*steps, _Step(len(statements), _COMMIT)] if commit else steps


def _put(session: PGconn, steps: Sequence[_Step]) -> None:
    """Put everything into libpq's buffer."""
    session.enter_pipeline_mode()
    for step in steps:
        if step.prepares:
            session.send_prepare(step.name, step.sent.text)
        elif step.name:
            session.send_query_prepared(step.name, step.sent.params)
        else:
            session.send_query_params(step.sent.text, None)
    session.pipeline_sync()


def _talk(session: PGconn, count: int) -> PQGen[list[PGresult]]:
    """The last result of each command that was put, and that of the sync behind them."""
    yield from send(session)
    results = []
    for _ in range(count):
        results.append((yield from fetch_many(session))[-1])
    return results


def _error(raw: Session, result: PGresult, names: dict[bytes, bytes]) -> Error:
    error = errors.error_from_result(result, raw.info.encoding)
    if error.sqlstate in _STALE:
        names.clear()
    return OperationalError(str(error)) if isinstance(error, THROWN_OUT) else error
