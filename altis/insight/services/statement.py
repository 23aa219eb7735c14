"""The gateway's own ledger, fetched page by page into a temporary table beside our books."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from altis.store.database import db_clock
from payments.gateway import StatementPage, get_gateway

_CREATE = """
CREATE TEMPORARY TABLE gateway_entry (
    kind text, id text, intent_id text, payment_id text, key text, minor bigint, currency text, at timestamptz
)
"""
_INSERT = """
INSERT INTO gateway_entry SELECT * FROM unnest(
    %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::timestamptz[]
)
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """Whose ledger stands in the table, when we began to ask (our clock) and when it began to answer (its own)."""

    gateway: str
    asked_at: datetime
    told_at: datetime


@contextmanager
def statement(*, since: datetime | None) -> Iterator[Statement | None]:
    """The gateway's ledger from an instant on, in `gateway_entry` while inside; None when the gateway is away.

    Fetched with no transaction open, and before the snapshot is taken: see altis/insight/invariants/bank.py.
    """
    gateway, asked_at = get_gateway(), db_clock()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS gateway_entry")
        cursor.execute(_CREATE)
    try:
        page = first = gateway.statement(since=since)
        while page is not None:
            _keep(page)
            if not page.next:
                break
            page = gateway.statement(since=since, after=page.next)
        _analyze()
        yield None if page is None or first is None else Statement(gateway.name, asked_at, first.told_at)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS gateway_entry")


def _keep(page: StatementPage) -> None:
    rows = [
        (line.kind.value, line.id, line.intent_id, line.payment_id, line.key, amount.minor, amount.currency, line.at)
        for line in page.entries
        for amount in (line.amount,)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])


def _analyze() -> None:
    """Nobody else looks after a temporary table, and a planner that thinks it small would loop over it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE gateway_entry")
