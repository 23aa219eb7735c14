"""What is available, as searches see it: from the gate, or from the ledger where the gate is cold or away."""

from collections.abc import Sequence

import structlog

from altis.shared.errors import Unavailable
from catalog import inventory
from catalog.services import ledger

log = structlog.get_logger(__name__)


def available_many(inventory_ids: Sequence[int]) -> dict[int, int]:
    """Units available of each inventory id. A cold gate is filled on the way; unknown ids are left out."""
    ids = sorted(set(inventory_ids))
    if not ids:
        return {}
    try:
        known = inventory.read(ids)
    except Unavailable:
        log.warning("gate away; reading the ledger")
        return {level.inventory_id: level.available for level in ledger.levels(ids)}
    cold = [id for id in ids if known[id] is None]
    found = {id: base for id, base in known.items() if base is not None}
    if cold:
        found.update(_fill(cold))
    return found


def _fill(cold: Sequence[int]) -> dict[int, int]:
    levels = ledger.levels(cold)
    try:
        inventory.push(levels)
    except Unavailable:
        log.warning("gate away; it stays cold")
    return {level.inventory_id: level.available for level in levels}
