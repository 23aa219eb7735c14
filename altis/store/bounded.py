"""A connection that does not wait for ever: a server that is frozen, or behind a dead network, sends no error.

PostgreSQL's own timeouts cannot end a wait for a server that does not run. Without this bound every serving thread of
the API would sit in a read until the server comes back, and the process could not even say that it is alive.
"""

import select
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from psycopg import Connection, OperationalError, errors
from psycopg.abc import PQGen

R = TypeVar("R")
_FRESH_SECONDS = 1.0
# The server has ended the session. SQLSTATE class 25 makes the driver file it under its internal errors, of which
# nobody could know that the same call may succeed in a moment.
THROWN_OUT = (errors.IdleInTransactionSessionTimeout, errors.TransactionTimeout)


class BoundedConnection(Connection[tuple[object, ...]]):
    """Gives a statement up, and itself, after ALTIS_DB_ANSWER_SECONDS without an answer (0: never).

    `unsent` may take the COMMIT along with statements that wait (see altis.store.pipeline), and then returns True.
    """

    unsent: Callable[[], bool] | None = None
    _answered = 0.0

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        """As psycopg's; the empty query, by which the pool asks whether the session lives, only when that is in doubt.

        A server that has ended a session has said so, so there is something to read. One that is silent is noticed by
        the next statement just as late as by the question.
        """
        if query == "" and time.monotonic() - self._answered < _FRESH_SECONDS and not self._has_news():
            return self.cursor()
        return super().execute(query, *args, **kwargs)

    def _has_news(self) -> bool:
        if self.closed:
            return True
        poll = select.poll()
        poll.register(self.fileno(), select.POLLIN)
        return bool(poll.poll(0))

    def commit(self) -> None:
        """Commit, in one round trip with what has not been sent."""
        if self.unsent is None or not self.unsent():
            super().commit()

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        """Run one exchange with the server; raises OperationalError, and closes the connection, when it is late.

        Raises OperationalError as well where the server had ended the session of a transaction that idled too long.
        """
        try:
            answer = self._wait(gen, interval, timeout)
        except THROWN_OUT as error:
            raise OperationalError(str(error)) from error
        self._answered = time.monotonic()
        return answer

    def _wait(self, gen: PQGen[R], interval: float, timeout: float | None) -> R:
        bound = settings.ALTIS_DB_ANSWER_SECONDS or None
        if timeout is not None or bound is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, bound)
        except errors._WaitTimeout as error:
            self.pgconn.finish()
            raise OperationalError(f"no answer within {bound:g} s") from error
