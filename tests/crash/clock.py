"""The clock of one test database, for every session of every process: its two functions are written anew.

A session's own offset moves one session; a process that hangs could not be told of it.
"""

from django.db import connection

from altis.store import clock_offset


class Clock:
    """Runs ahead, never back, until `restore()`."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def advance(self, seconds: float) -> None:
        """So many seconds pass at once."""
        self._seconds += seconds
        with connection.cursor() as cursor:
            for name, (volatility, clock) in clock_offset.CLOCKS.items():
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS timestamptz LANGUAGE sql {volatility} PARALLEL SAFE "
                    f"AS $$SELECT {clock}() + interval '{self._seconds} seconds'$$"
                )

    def restore(self) -> None:
        """The clock of all other tests."""
        if self._seconds:
            clock_offset.install()
