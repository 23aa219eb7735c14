"""Statements that travel together. Inside a `command()` whoever writes puts a statement into the queue and goes on;
whoever needs an answer sends the queue, in one round trip. What is left goes with the COMMIT.

Three rules keep it safe. Statements are executed in the order in which they were put. Anything that Django's own
cursors execute is preceded by the queue. And a statement that only Python can judge (`check`) never travels with the
COMMIT: its answer comes first; the others fail by themselves, and take the transaction with them.

Outside a `command()`, or without our connection class, every statement is sent at once.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from psycopg import Error
from psycopg.pq.abc import PGresult

from altis.store.bounded import BoundedConnection
from altis.store.statements import Answer, Check, Refusals, Refused, Statement, Waiting, as_text, refusal_of
from altis.store.wire import Failure, Sent, exchange


class Queue:
    """What waits on one connection of Django's."""

    def __init__(self, wrapper: Any) -> None:
        self._wrapper = wrapper
        self._deferring = False
        self.waiting: list[Waiting] = []

    def put(self, waiting: Waiting) -> Answer:
        """Queue a statement, or execute it at once outside a command."""
        self.waiting.append(waiting)
        if not self._deferring:
            self.flush()
        return waiting.answer

    def flush(self) -> None:
        """Send what waits; raises a refusal as what it is."""
        try:
            self._flush()
        except DatabaseError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            raise refusal from error

    def begin(self) -> None:
        """From here on, until the commit or `end`, statements wait. Called in an open transaction."""
        raw = self._wrapper.connection
        if isinstance(raw, BoundedConnection):
            raw.unsent = self._commit
            self._wrapper.execute_wrappers.append(self._before)
            self._deferring = True

    def settle(self) -> None:
        """Send until nothing waits that only Python can judge: what is left may go with the COMMIT."""
        while any(waiting.check for waiting in self.waiting):
            self.flush()

    def end(self) -> None:
        """Forget what was never sent: its transaction is over."""
        self.waiting.clear()
        self._deferring = False
        raw = self._wrapper.connection
        if isinstance(raw, BoundedConnection):
            raw.unsent = None
        with suppress(ValueError):
            self._wrapper.execute_wrappers.remove(self._before)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Outside a command: let the statements of this block wait for each other; they are sent at its end."""
        if self._deferring:
            yield
            return
        self._deferring = True
        self._wrapper.execute_wrappers.append(self._before)
        try:
            yield
            self.flush()
        finally:
            self.end()

    def _before(self, execute: Callable[..., Any], *about: Any) -> Any:
        if self.waiting:
            self._flush()
        return execute(*about)

    def _flush(self) -> None:
        if self.waiting:
            self._wrapper.ensure_connection()
            with self._wrapper.wrap_database_errors:
                self._send()

    def _commit(self) -> bool:
        """Send what waits with the COMMIT behind it; False when the COMMIT still has to be sent."""
        self._deferring = False  # hooks that run after the commit find the queue as it is outside a command
        if not self.waiting:
            return False
        self._send(commit=True)
        return True

    def _send(self, *, commit: bool = False) -> None:
        sending, self.waiting = self.waiting, []
        words = [waiting.sent() for waiting in sending]
        failure = None
        try:
            results = _exchange(self._wrapper, words, commit=commit)
        except Failure as failed:
            failure, results = failed, failed.results
        try:
            for waiting, result in zip(sending, results, strict=False):
                waiting.answer.come(result)
                if waiting.check is not None:
                    _judge(waiting.check, waiting.answer)
        except DatabaseError:
            # A check could not look further, since a later statement has ended the transaction: that one is the cause.
            if failure is None:
                raise
        if failure is not None:
            raise _meant(failure, sending) from None


def queue() -> Queue:
    """The queue of this thread's connection."""
    wrapper = connections[DEFAULT_DB_ALIAS]
    found = vars(wrapper).get("altis_queue")
    if found is None:
        found = vars(wrapper)["altis_queue"] = Queue(wrapper)
    return cast("Queue", found)


def put(
    text: bytes,
    *params: object,
    check: Check | None = None,
    refusals: Refusals | None = None,
) -> Answer:
    """Queue one statement; its parameters are `$1`, `$2` and so on, bytes being JSON."""
    here = queue()
    words = Sent(text, [as_text(value) for value in params])
    return here.put(Statement(words, Answer(here.flush), check, refusals or {}))


def flush() -> None:
    """Send what waits, if anything does."""
    queue().flush()


def together() -> AbstractContextManager[None]:
    """Let the reads of this block travel together, also outside a command; their answers are there at its end."""
    return queue().together()


def _judge(check: Check, answer: Answer) -> None:
    try:
        check(answer)
    except (DatabaseError, Error):
        raise
    except Exception as refusal:
        raise Refused(refusal) from refusal


def _meant(failure: Failure, sending: list[Waiting]) -> Error:
    """The database's error, or the refusal that it stands for."""
    error = failure.error
    if 0 <= failure.index < len(sending):
        refusals = sending[failure.index].refusals
        refusal = refusals.get(error.sqlstate or "") or refusals.get(error.diag.constraint_name or "")
        if refusal is not None:
            return Refused(refusal())
    return error


def _exchange(wrapper: Any, words: list[Sent], *, commit: bool) -> list[PGresult]:
    raw = wrapper.connection
    if wrapper.queries_logged:
        wrapper.queries_log.extend({"sql": f"{sent.text.decode()} -- {sent.params}", "time": ""} for sent in words)
    return exchange(raw, vars(raw).setdefault("_altis_prepared", {}), words, commit=commit)
