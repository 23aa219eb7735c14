"""A connection that does not wait for ever: a server that is frozen, or behind a dead network, sends no error.

PostgreSQL's own timeouts cannot end a wait for a server that does not run. Without this bound every serving thread of
the API would sit in a read until the server comes back, and the process could not even say that it is alive.
"""

from typing import TypeVar

from django.conf import settings
from psycopg import Connection, OperationalError, errors
from psycopg.abc import PQGen

R = TypeVar("R")
# The server has ended the session. SQLSTATE class 25 makes the driver file it under its internal errors, of which
# nobody could know that the same call may succeed in a moment.
_THROWN_OUT = (errors.IdleInTransactionSessionTimeout, errors.TransactionTimeout)


class BoundedConnection(Connection[tuple[object, ...]]):
    """Gives a statement up, and itself, after ALTIS_DB_ANSWER_SECONDS without an answer (0: never)."""

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        """Run one exchange with the server; raises OperationalError, and closes the connection, when it is late.

        Raises OperationalError as well where the server had ended the session of a transaction that idled too long.
        """
        try:
            return self._wait(gen, interval, timeout)
        except _THROWN_OUT as error:
            raise OperationalError(str(error)) from error

    def _wait(self, gen: PQGen[R], interval: float, timeout: float | None) -> R:
        bound = settings.ALTIS_DB_ANSWER_SECONDS or None
        if timeout is not None or bound is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, bound)
        except errors._WaitTimeout as error:
            self.pgconn.finish()
            raise OperationalError(f"no answer within {bound:g} s") from error
