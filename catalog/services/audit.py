"""The gate against the ledger, read only: what no push on its way can explain.

The gate is read first and the ledger after it, each inventory for itself. So a gate that is ahead means a ledger that
went back in time; a gate of the same version must have the same figure; and a gate that is behind is compared again,
until it has the version that the ledger had at the first look, or the patience is over. A cold gate says nothing.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings

from altis.shared.errors import Unavailable
from catalog import inventory
from catalog.inventory import Gate
from catalog.services import ledger

CHUNK = 2000
# The reconciler pushes what was lost within a second; it may have a full round to do first.
PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.25
_TRIES = 3


@dataclass(slots=True)
class Audit:
    """The ids of inventories whose gate is ahead of the ledger, and of those whose gate is wrong otherwise."""

    ahead: list[int] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)


def audit_gate(
    inventory_ids: Iterable[int] | None = None, *, quiesced: bool = False, patience: float = PATIENCE_SECONDS
) -> Audit:
    """Compare these inventories, or every one that the gate knows; raises Unavailable when Redis is away.

    `quiesced`: nothing is in flight, so no gate may be behind, and no token may live.
    """
    audit, behind = Audit(), dict[int, int]()
    ids = set(inventory.known_ids() if inventory_ids is None else inventory_ids)
    for chunk in chunks(sorted(ids)):
        behind |= _compare_patiently(chunk, audit, quiesced=quiesced)
    ends_at = time.monotonic() + (0 if quiesced else patience)
    while behind and time.monotonic() < ends_at:
        time.sleep(_PAUSE_SECONDS)
        for chunk in chunks(sorted(behind)):
            gates = inventory.gates(chunk)
            behind = {id: version for id, version in behind.items() if id not in gates or _lags(gates[id], version)}
    audit.wrong = sorted({*audit.wrong, *behind})
    return audit


def _compare_patiently(ids: Sequence[int], audit: Audit, *, quiesced: bool) -> dict[int, int]:
    """The same, again after a moment when Redis was merely slow: its time-outs are made for customers who wait."""
    for _ in range(_TRIES - 1):
        try:
            return _compare(ids, audit, quiesced=quiesced)
        except Unavailable:
            time.sleep(_PAUSE_SECONDS)
    return _compare(ids, audit, quiesced=quiesced)


def _compare(ids: Sequence[int], audit: Audit, *, quiesced: bool) -> dict[int, int]:
    """Judge one chunk; returns the ledger's versions of those whose gate is behind."""
    now = inventory.server_time()
    dies_by = now + (0 if quiesced else token_lifetime_ms())
    gates = inventory.gates(ids)
    levels = {level.inventory_id: level for level in ledger.levels(ids)}
    behind = {}
    for id, gate in gates.items():
        if gate is None:
            continue
        level = levels.get(id)
        stray = any(deadline > dies_by for deadline in gate.deadlines)
        if gate.version is None and gate.available is None and not stray:
            continue  # cold, but for tokens that have died
        if level is None or stray or gate.version is None or gate.available is None:
            audit.wrong.append(id)
        elif gate.version > level.version:
            audit.ahead.append(id)
        elif gate.version < level.version:
            behind[id] = level.version
        elif gate.available != level.available:
            audit.wrong.append(id)
    return behind


def token_lifetime_ms() -> int:
    """The longest that a token may have to live, with as much again for clocks and queues."""
    return 2000 * int(settings.ALTIS_GATE_TOKEN_SECONDS)


def _lags(gate: Gate | None, version: int) -> bool:
    return gate is not None and (gate.version is None or gate.version < version)


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in lists of at most `CHUNK`: what one question to Redis or PostgreSQL may name."""
    source = iter(ids)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
