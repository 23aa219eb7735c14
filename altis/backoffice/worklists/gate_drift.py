"""Inventories whose gate says something else than the ledger."""

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.urls import reverse

from altis.backoffice.worklists.row import MOST_ROWS, Command, Row, WorkList
from altis.insight.runs import gate_suspects
from altis.shared.actors import Actor
from altis.shared.clock import now
from altis.shared.errors import Unavailable
from altis.store.admin.readonly import link_to
from catalog.admin.cabins import what_of
from catalog.admin.gate import CAUSES
from catalog.models import Inventory
from catalog.services.compare_gate import Drift, compare_gate
from catalog.services.mend_gate import mend_gate


def drifts() -> Sequence[Drift] | None:
    """What the checks of the last day have found wrong and still is; None when nobody knows, or Redis is away."""
    try:
        ids = gate_suspects(now())
        return compare_gate(ids).drifts if ids else (None if ids is None else ())
    except (DatabaseError, InterfaceError, Unavailable):  # the projections may live on a server of their own
        return None


def _count() -> int | None:
    found = drifts()
    return None if found is None else len(found)


def _rows() -> list[Row] | None:
    found = drifts()
    if found is None:
        return None
    known = Inventory.objects.select_related("flight", "product").in_bulk([drift.inventory_id for drift in found])
    return [_row(drift, known.get(drift.inventory_id)) for drift in found[:MOST_ROWS]]


def _row(drift: Drift, inventory: Inventory | None) -> Row:
    key = str(drift.inventory_id)
    cause = f"{CAUSES[drift.cause][1]} The gate says {_left(drift.gate)}, the ledger {_left(drift.ledger)}."
    if inventory is None:  # no row whose history could tell of it; that page mends it all the same
        page = reverse("admin:catalog_inventory_gate")
        return Row(key, f"Inventory {key}", drift.since, cause, link=page, link_text="Gate and ledger")
    name = f"{inventory.flight} {what_of(inventory)}"
    return Row(key, link_to("catalog_inventory", key, name), drift.since, cause, commands=("mend",))


def _left(units: int | None) -> str:
    return "nothing" if units is None else f"{units} left"


def _mend(key: str, actor: Actor, _reason: str) -> str:
    mended = mend_gate(inventory_ids=[int(key)], actor=actor) if key.isdecimal() else ()
    return "The gate has the ledger's figures." if mended else "The gate agrees with the ledger already."


def _inventory(key: str) -> Any:
    return Inventory.objects.filter(pk=int(key)).first() if key.isdecimal() else None


GATE_DRIFT = WorkList(
    name="gate-drift",
    title="Gate drift",
    icon="compare_arrows",
    right="catalog.view_inventory",
    hint="The gate in Redis and the ledger disagree",
    empty="What the checks of the last day found wrong has been mended, if there was anything.",
    unknown="No check has told of the gate for 15 minutes: is Redis there, and does a worker run?",
    rows=_rows,
    count=_count,
    more=("admin:catalog_inventory_gate", "Compare every gate with the ledger"),
    commands=(
        Command(
            name="mend",
            label="Mend",
            right="catalog.mend_gate",
            noted="Gate mended",
            reasons=(("drift_found", "A check found it"), ("after_restore", "After a restore")),
            run=_mend,
            subject=_inventory,
        ),
    ),
)
