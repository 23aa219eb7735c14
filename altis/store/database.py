"""The database's clock, and transactions with bounded waits."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, OperationalError, models, transaction
from django.db.models import Func
from psycopg import errors as pg

from altis.store.pipeline import put, queue
from altis.store.statements import Answer, refusal_of

T = TypeVar("T")
_ATTEMPTS = 3
_CLOCK = b"SELECT altis_clock()"
# A command's statements find their rows by key, so one plan serves for ever; left to choose, PostgreSQL plans each that
# has a list of ids anew, which costs more than the statement. Reads outside of commands are left to its choice.
_LIMITS = (
    b"SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true),"
    b" set_config('plan_cache_mode', 'force_generic_plan', true)"
)


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
    return ask_clock()()


def ask_clock() -> Callable[[], datetime]:
    """Queue a look at the same clock, behind what is queued already; returns how to read it."""
    answer = put(_CLOCK)
    return lambda: _instant(answer)


def check_clock(*, before: datetime, late: Callable[[datetime], Exception]) -> Callable[[], datetime]:
    """Queue a look at the same clock, behind what is queued; past the instant raises what `late` makes of now.

    Returns how to read what it said.
    """

    def check(answer: Answer) -> None:
        now = _instant(answer)
        if now >= before:
            raise late(now)

    answer = put(_CLOCK, check=check)
    return lambda: _instant(answer)


@contextmanager
def command() -> Iterator[None]:
    """One durable transaction with bounded waits: lock 2 s, statement 5 s by default.

    Statements that are put into the queue inside (see altis.store.pipeline) wait until somebody needs an answer; the
    last of them go with the COMMIT, and what they refuse is raised in its place.
    Raises RuntimeError when nested, since a command must be committed when it returns.
    """
    here, begun = queue(), False
    try:
        with transaction.atomic(durable=True):
            here.begin()
            begun = True
            put(_LIMITS, str(settings.ALTIS_LOCK_TIMEOUT_MS), str(settings.ALTIS_STATEMENT_TIMEOUT_MS))
            yield
            here.settle()
    except DatabaseError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    finally:
        if begun:  # a command in a command has failed to begin, and the queue is the other's
            here.end()


def _instant(answer: Answer) -> datetime:
    [(instant,)] = answer.rows()
    return datetime.fromisoformat(str(instant))


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
