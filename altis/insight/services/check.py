"""The checker: every invariant asked of the stores, as far as possible of one and the same instant.

1. The gateway's statement is fetched, with no transaction open.
2. One snapshot of PostgreSQL is taken, and all queries run in it. So our books are never older than the statement.
3. The gate is compared with the ledger, each inventory for itself, gate first.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import structlog
from django.db import DataError, OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from altis.insight.invariants import INVARIANTS, Invariant, Source
from altis.insight.services.report import MOST_IDS, Finding, Report, Scope
from altis.insight.services.seals import unopened
from altis.insight.services.snapshot import Extent, everything, recent, snapshot
from altis.insight.services.statement import Statement, statement
from altis.shared.clock import now
from altis.shared.errors import Unavailable
from catalog.services.audit import PATIENCE_SECONDS, Audit, audit_gate

log = structlog.get_logger(__name__)
Told = Callable[[Finding], None]

# The statement of a recent check goes further back than the payments that are looked for in it: clocks may differ.
_STATEMENT_SPAN = timedelta(minutes=15)
_STATEMENT_SECONDS = {Scope.RECENT: 20, Scope.EVERYTHING: 600}
_COUNTED = f"""
WITH found AS MATERIALIZED (SELECT DISTINCT broken.id FROM ({{query}}) AS broken (id))
SELECT (SELECT count(*) FROM found), ARRAY(SELECT id FROM found ORDER BY id LIMIT {MOST_IDS})
"""


def check_invariants(
    *,
    scope: Scope = Scope.EVERYTHING,
    quiesced: bool = False,
    invariants: Sequence[Invariant] = INVARIANTS,
    patience: float = PATIENCE_SECONDS,
    told: Told = lambda _: None,
) -> Report:
    """Ask these invariants; `told` hears of each finding as it comes. Raises OperationalError without a database.

    `quiesced`: nothing is in flight, so nothing is excused by it. `patience`: seconds that a gate may be behind.
    """
    began = time.monotonic()
    by_source = {source: [each for each in invariants if each.source == source] for source in Source}
    asking = _bank(scope) if by_source[Source.GATEWAY] else nullcontext()
    with asking as bank, snapshot(statement_seconds=_STATEMENT_SECONDS[scope]) as as_of:
        extent = recent(as_of) if scope == Scope.RECENT else everything(as_of)
        findings = list(_look_at(by_source[Source.LEDGER], extent, told, quiesced=quiesced))
        findings += _look_at(by_source[Source.GATEWAY], extent, told, quiesced=quiesced, bank=bank)
        findings += _look_at_seals(by_source[Source.KEYS], extent, told)
    findings += _look_at_gate(by_source[Source.GATE], extent, told, quiesced=quiesced, patience=patience)
    findings.sort(key=lambda finding: finding.invariant.place)
    return Report(scope, quiesced, as_of, time.monotonic() - began, findings)


def look(invariant: Invariant, extent: Extent, *, quiesced: bool = False, bank: Statement | None = None) -> Finding:
    """Run one query in the caller's transaction. One that takes too long, or chokes on a value, counts as not asked."""
    began = time.monotonic()
    parameters: dict[str, Any] = {**extent.parameters(), "quiesced": quiesced}
    if bank is not None:
        parameters |= {"gateway": bank.gateway, "asked_at": bank.asked_at, "told_at": bank.told_at}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_COUNTED.format(query=invariant.sql), parameters)
            found, ids = cursor.fetchone()
    except (OperationalError, DataError) as error:
        if not isinstance(error.__cause__, QueryCanceled) and not isinstance(error, DataError):
            raise
        log.error("invariant not asked", invariant=invariant.number, error=type(error.__cause__).__name__)
        return Finding(invariant, None, seconds=time.monotonic() - began)
    return Finding(invariant, found, ids, time.monotonic() - began)


@contextmanager
def _bank(scope: Scope) -> Iterator[Statement | None]:
    with statement(since=now() - _STATEMENT_SPAN if scope == Scope.RECENT else None) as bank:
        if bank is None:
            log.warning("gateway away; its ledger is not compared")
        yield bank


def _look_at(
    invariants: Sequence[Invariant],
    extent: Extent,
    told: Told,
    *,
    quiesced: bool,
    bank: Statement | None = None,
) -> Iterator[Finding]:
    for invariant in invariants:
        if invariant.source == Source.GATEWAY and bank is None:
            finding = Finding(invariant, None)
        else:
            finding = look(invariant, extent, quiesced=quiesced, bank=bank)
        told(finding)
        yield finding


def _look_at_seals(invariants: Sequence[Invariant], extent: Extent, told: Told) -> Iterator[Finding]:
    for invariant in invariants:
        began = time.monotonic()
        ids = unopened(extent)
        finding = Finding(invariant, len(ids), ids[:MOST_IDS], time.monotonic() - began)
        told(finding)
        yield finding


def _look_at_gate(
    invariants: Sequence[Invariant], extent: Extent, told: Told, *, quiesced: bool, patience: float
) -> Iterator[Finding]:
    if not invariants:
        return
    began, audit = time.monotonic(), None
    try:
        audit = audit_gate(extent.inventories, quiesced=quiesced, patience=patience)
    except Unavailable:
        log.warning("redis away; the gate is not compared")
    seconds = time.monotonic() - began
    for invariant in invariants:
        finding = _gate_finding(invariant, audit, seconds)
        told(finding)
        yield finding


def _gate_finding(invariant: Invariant, audit: Audit | None, seconds: float) -> Finding:
    if audit is None:
        return Finding(invariant, None, seconds=seconds)
    ids = sorted(audit.ahead if invariant.number == "I8" else audit.wrong)
    return Finding(invariant, len(ids), [str(id) for id in ids[:MOST_IDS]], seconds)
