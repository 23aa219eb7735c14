"""The database's clock, and transactions with bounded waits."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar, cast

from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.db.models import Func
from psycopg import errors as pg

T = TypeVar("T")
_ATTEMPTS = 3


class DbNow(Func):
    """`altis_now()`: the statement's instant. Stable, so an index on a deadline serves `deadline <= DbNow()`."""

    function = "altis_now"
    arity = 0
    output_field = models.DateTimeField()
    allowed_default = True


class DbClock(Func):
    """`altis_clock()`: the instant of evaluation. For checks made after waiting for a lock."""

    function = "altis_clock"
    arity = 0
    output_field = models.DateTimeField()


def db_clock() -> datetime:
    """The database's clock, read now: what decides every deadline of offers, orders and payments."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT altis_clock()")
        return cast("datetime", cursor.fetchone()[0])


@contextmanager
def command() -> Iterator[None]:
    """One durable transaction with bounded waits: lock 2 s, statement 5 s by default.

    Raises RuntimeError when nested, since a command must be committed when it returns.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true)",
                [str(settings.ALTIS_LOCK_TIMEOUT_MS), str(settings.ALTIS_STATEMENT_TIMEOUT_MS)],
            )
        yield


def retried(work: Callable[[], T]) -> T:
    """Run a whole command again, at most three times in all, when PostgreSQL chose it as the victim of a deadlock."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return work()
        except OperationalError as error:
            victim = isinstance(error.__cause__, (pg.DeadlockDetected, pg.SerializationFailure))
            if not victim or attempt == _ATTEMPTS:
                raise
            time.sleep(random.uniform(0.005, 0.05) * attempt)  # nosec B311 # spreads retries
    raise AssertionError("unreachable: the last attempt returns or raises")
