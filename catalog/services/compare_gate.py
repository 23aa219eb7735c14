"""What staff are shown of the gate's drift: each inventory that is wrong, both figures, since when, and why perhaps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection

from catalog import inventory
from catalog.inventory import Gate, Level
from catalog.models import Inventory
from catalog.services import ledger
from catalog.services.audit import audit_gate, chunks, token_lifetime_ms

# Pushes on their way arrive within that; a page does not wait for longer.
_PATIENCE_SECONDS = 0.5
_MISSED = """
SELECT line.inventory_id, line.at FROM catalog_inventory_journal line
JOIN unnest(%s::bigint[], %s::bigint[]) AS missed(id, version)
    ON line.inventory_id = missed.id AND line.version = missed.version
"""


class DriftCause(StrEnum):
    """Why a gate is likely to be wrong."""

    STALE = "stale"  # a push was lost: the gate has an older version
    WIPED = "wiped"  # there is a hash, and no figure in it that can be read
    TOKENS = "tokens"  # tokens that outlive every attempt hide units
    OVERWRITTEN = "overwritten"  # another figure for the same version: somebody wrote to Redis, or a restore
    AHEAD = "ahead"  # the gate knows a version that the ledger does not have: the ledger was restored
    UNKNOWN = "unknown"  # the ledger has no such inventory


@dataclass(frozen=True, slots=True)
class Drift:
    """One inventory: what the gate and the ledger say is left, at which version; None where one has nothing."""

    inventory_id: int
    cause: DriftCause
    gate: int | None
    gate_version: int | None
    ledger: int | None
    ledger_version: int | None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All drifts in order of id; `warm` of `total` inventories are in the gate, the others are filled when asked."""

    drifts: tuple[Drift, ...]
    warm: int
    total: int


def compare_gate(inventory_ids: Sequence[int] | None = None) -> Comparison:
    """Compare these inventories, or all that the gate knows; raises Unavailable when Redis is away."""
    ids = set(inventory.known_ids() if inventory_ids is None else inventory_ids)
    found = audit_gate(ids, patience=_PATIENCE_SECONDS)
    wrong = sorted({*found.ahead, *found.wrong})
    drifts = tuple(drift for chunk in chunks(wrong) for drift in _drifts(chunk))
    total = Inventory.objects.count() if inventory_ids is None else len(ids)
    return Comparison(drifts, warm=len(ids), total=total)


def _drifts(ids: Sequence[int]) -> Iterator[Drift]:
    """What is wrong with each now; one that has been mended since it was compared is left out."""
    gates = inventory.gates(ids)
    levels = {level.inventory_id: level for level in ledger.levels(ids)}
    latest = inventory.server_time() + token_lifetime_ms()
    causes = {id: _cause(gate, levels.get(id), latest) for id, gate in gates.items() if gate is not None}
    missed = _missed_since({id: gates[id] for id, cause in causes.items() if cause is DriftCause.STALE})
    for id, cause in causes.items():
        gate, level = gates[id], levels.get(id)
        if cause is not None and gate is not None:
            left, version = (level.available, level.version) if level else (None, None)
            yield Drift(id, cause, gate.available, gate.version, left, version, since=missed.get(id))


def _cause(gate: Gate, level: Level | None, latest: float) -> DriftCause | None:
    if level is None:
        return DriftCause.UNKNOWN
    if gate.version is None or gate.available is None:
        return DriftCause.WIPED
    if gate.version != level.version:
        return DriftCause.AHEAD if gate.version > level.version else DriftCause.STALE
    if gate.available != level.available:
        return DriftCause.OVERWRITTEN
    return DriftCause.TOKENS if any(deadline > latest for deadline in gate.deadlines) else None


def _missed_since(stale: Mapping[int, Gate | None]) -> dict[int, datetime]:
    """When the ledger made the first change that each of these gates has not heard of."""
    versions = {id: gate.version + 1 for id, gate in stale.items() if gate and gate.version is not None}
    if not versions:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_MISSED, [list(versions), list(versions.values())])
        return dict(cursor.fetchall())
