"""Making the gate say what the ledger says, on somebody's word and at once."""

from collections.abc import Mapping, Sequence

import structlog

from altis.shared.actors import Actor
from altis.telemetry import metrics
from catalog import inventory
from catalog.services import ledger
from catalog.services.audit import chunks, token_lifetime_ms
from catalog.services.compare_gate import Drift, DriftCause, compare_gate

log = structlog.get_logger(__name__)
# The gate has the same version or a later one: it takes these figures only when it is forced to.
_FORCED = (DriftCause.OVERWRITTEN, DriftCause.AHEAD)
_BEHIND = (DriftCause.WIPED, DriftCause.STALE)


def mend_gate(*, inventory_ids: Sequence[int] | None = None, actor: Actor) -> tuple[Drift, ...]:
    """Compare anew and push the ledger's figures where the gate is wrong: of these inventories, or of all.

    Returns the drifts that were mended. Pushes carry their versions, so a change on its way is never undone for
    longer than until its own push, or the reconciler's next round. Raises Unavailable when Redis is away.
    """
    drifts = compare_gate(inventory_ids).drifts
    for drift in drifts:
        log.warning(
            "gate mended by hand",
            inventory=drift.inventory_id,
            cause=drift.cause.value,
            gate=drift.gate,
            ledger=drift.ledger,
            actor=str(actor),
        )
    causes = {drift.inventory_id: drift.cause for drift in drifts}
    for chunk in chunks(causes):
        _mend({id: causes[id] for id in chunk})
    metrics.gate_drift.labels("by_hand").inc(len(drifts))
    return drifts


def _mend(causes: Mapping[int, DriftCause]) -> None:
    """Take away what no attempt has put there, forget what is no inventory, and push what the ledger says now."""
    inventory.drop_tokens(causes, living_past=inventory.server_time() + token_lifetime_ms())
    inventory.forget(id for id, cause in causes.items() if cause is DriftCause.UNKNOWN)
    for wanted, force in ((_FORCED, True), (_BEHIND, False)):
        ids = [id for id, cause in causes.items() if cause in wanted]
        inventory.push(ledger.levels(ids), force=force)
