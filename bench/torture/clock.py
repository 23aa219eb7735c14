"""Moves the clock of the whole stack: PostgreSQL's setting `altis.clock_offset`, for every session at once."""

import time

import psycopg

_LIMITS = "-c lock_timeout=3000 -c statement_timeout=5000"
_SIGNAL_SECONDS = 0.15  # for the postmaster to read its files and to tell its children
_END_THE_REST = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND state <> 'idle' AND pid <> ALL (%s)
"""


def set_clock(database_url: str, seconds: float) -> None:
    """Let all deadlines be compared with now + `seconds`. Raises psycopg.Error when PostgreSQL is away.

    A real clock does not jump in the middle of a transaction, and a check made before the jump must not count after
    it. So no order is locked by anybody at the jump, and whoever waits for one then is thrown out.
    """
    with (
        psycopg.connect(database_url, autocommit=True, connect_timeout=2, options=_LIMITS) as session,
        psycopg.connect(database_url, connect_timeout=2, options=_LIMITS) as gate,
    ):
        gate.execute("LOCK TABLE orders_order IN EXCLUSIVE MODE")
        session.execute(f"ALTER SYSTEM SET altis.clock_offset = '{float(seconds)} seconds'")
        session.execute("SELECT pg_reload_conf()")
        time.sleep(_SIGNAL_SECONDS)
        session.execute(_END_THE_REST, [[session.info.backend_pid, gate.info.backend_pid]])


def offset(database_url: str) -> float:
    """By how many seconds the stack's clock is ahead of the server's."""
    with psycopg.connect(database_url, connect_timeout=2) as session:
        row = session.execute("SELECT extract(epoch FROM altis_clock() - clock_timestamp())").fetchone()
        return round(float(row[0]), 1) if row else 0.0
