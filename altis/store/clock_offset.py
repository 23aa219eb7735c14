"""A clock that tests can move: `altis_now()` and `altis_clock()` with an offset, so that 30 minutes pass in an instant.

The offset is PostgreSQL's own setting `altis.clock_offset`, an interval: of one session by set_config(), of all by
ALTER SYSTEM and pg_reload_conf(). Production installs the functions without it (migration 0001_functions).
"""

from django.conf import settings
from django.db import connection

_OFFSET = "coalesce(nullif(current_setting('altis.clock_offset', true), ''), '0')::interval"
CLOCKS = {"altis_now": ("STABLE", "statement_timestamp"), "altis_clock": ("VOLATILE", "clock_timestamp")}


def install() -> None:
    """Put the offset into both functions of the default database; raises RuntimeError in production."""
    if settings.PRODUCTION:
        raise RuntimeError("production has one clock")
    with connection.cursor() as cursor:
        for name, (volatility, clock) in CLOCKS.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS timestamptz LANGUAGE sql {volatility} PARALLEL SAFE "
                f"AS $$SELECT {clock}() + {_OFFSET}$$"
            )
