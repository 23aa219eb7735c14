"""A database session that belongs to one thread alone, for locks that live in a session."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

# A server that has vanished without a word is noticed within some 10 s. One that is merely frozen is waited for.
_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}


@contextmanager
def own_session(*, idle_seconds: float) -> Iterator[None]:
    """Let this thread speak with PostgreSQL in a session of its own, outside the pool, until the block ends.

    The pool would keep a session with its locks after `connection.close()`, and hand out another one; of this session
    the locks end with `close()`. PostgreSQL itself ends it when this process leaves it idle for `idle_seconds`, or
    does not take an answer: a process that is frozen gives up its locks.
    """
    shared = connections[DEFAULT_DB_ALIAS]
    own = shared.copy()
    options = own.settings_dict["OPTIONS"]
    options.pop("pool", None)
    limits = {
        "idle_session_timeout": int(idle_seconds * 1000),
        "tcp_user_timeout": int(idle_seconds * 1000),
        "statement_timeout": settings.ALTIS_STATEMENT_TIMEOUT_MS,
        "lock_timeout": settings.ALTIS_LOCK_TIMEOUT_MS,
    }
    options["options"] = " ".join([options.get("options", ""), *(f"-c {name}={it}" for name, it in limits.items())])
    own.settings_dict["OPTIONS"] = {**options, **_ALIVE}
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        own.close()
        connections[DEFAULT_DB_ALIAS] = shared
