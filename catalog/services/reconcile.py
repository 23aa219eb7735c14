"""Keeping the gate true: compare versions, push what the ledger says, never overwrite a newer figure.

The gate is read first and the ledger after it. So a ledger that is behind the gate, or has another figure for the same
version, can only mean that PostgreSQL itself went back in time (a restore): the push is forced, and the log says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice

import structlog
from django.db import connection, transaction

from altis.store.database import DbNow
from altis.telemetry import metrics
from catalog import inventory
from catalog.inventory import Gate, Level
from catalog.models import Inventory, JournalEntry
from catalog.services import ledger

log = structlog.get_logger(__name__)
CHUNK = 1000
_RECENT = timedelta(seconds=60)
_ROUNDS = 30
_LEADER_LOCK = 0x67617465  # "gate"


def reconcile(*, everything: bool = False) -> int:
    """One round: recent changes and a share of all ids (30 to 60 rounds see every one); returns how many drifted.

    Every id at once when the Redis server was started anew, or when asked. Does nothing while another round runs.
    """
    with transaction.atomic():
        if not _only_one():
            return 0
        run_id = inventory.server_run_id()
        everything = everything or inventory.remember_run_id(run_id) != run_id
        return sum(mend(chunk) for chunk in _chunks(inventory.known_ids() if everything else _due_ids()))


def rebuild() -> int:
    """Push every row of the ledger into the gate; returns how many rows there are."""
    pushed = 0
    for chunk in _chunks(Inventory.objects.order_by("pk").values_list("pk", flat=True).iterator(CHUNK)):
        inventory.push(ledger.levels(chunk))
        pushed += len(chunk)
    return pushed


def mend(inventory_ids: Sequence[int]) -> int:
    """Push the ledger's figures where the gate has others; returns how many were pushed."""
    gates = {id: gate for id, gate in inventory.levels(inventory_ids).items() if gate is not None}
    drifted: dict[str, list[Level]] = {"unreadable": [], "restored": [], "behind": []}
    for level in ledger.levels(gates):
        kind = _drift(gates[level.inventory_id], level)
        if kind:
            drifted[kind].append(level)
    if drifted["unreadable"]:
        log.error("gate cannot be read; its figures replaced", inventories=len(drifted["unreadable"]))
    if drifted["restored"]:
        log.error("ledger went back in time; gate forced", inventories=len(drifted["restored"]))
    for kind, levels in drifted.items():
        inventory.push(levels, force=kind == "restored")
        metrics.gate_drift.labels(kind).inc(len(levels))
    return sum(map(len, drifted.values()))


def _drift(gate: Gate, level: Level) -> str:
    """In which way this gate differs from the ledger that was read after it; nothing when it does not."""
    if gate.version is None or gate.available is None:
        return "unreadable"
    if (gate.available, gate.version) == (level.available, level.version):
        return ""
    return "restored" if level.version <= gate.version else "behind"


def _only_one() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LEADER_LOCK])
        return bool(cursor.fetchone()[0])


def _due_ids() -> Iterator[int]:
    """What changed in the last minute, and this round's share of the rest."""
    recent = JournalEntry.objects.filter(at__gte=DbNow() - _RECENT).values_list("inventory_id", flat=True)
    yield from recent.distinct()
    yield from inventory.next_ids(_ROUNDS)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    source = iter(ids)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
