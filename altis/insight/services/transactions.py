"""Transactions on the alias of the projections."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, transaction

from altis.insight.routing import ANALYTICS

_LOCK_MS, _STATEMENT_MS = 10_000, 30_000


@contextmanager
def bounded() -> Iterator[None]:
    """One durable transaction with bounded waits. Raises RuntimeError when nested."""
    with transaction.atomic(using=ANALYTICS, durable=True):
        with connections[ANALYTICS].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true)",
                [str(_LOCK_MS), str(_STATEMENT_MS)],
            )
        yield
