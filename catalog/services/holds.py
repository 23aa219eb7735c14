"""Holding seats and other limited units (protocol LVI): the ledger is the truth, Redis is the gate.

Order of an accept: `enter_gate` before the transaction, `hold_units` as its last statements, and the gate is told
after the commit. A release or a sale needs no gate: the ledger changes, then the gate is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from django.db import transaction

from altis.shared.actors import Cause
from altis.shared.errors import Unavailable
from altis.store.transition import begin_many, move_many
from altis.telemetry import metrics
from catalog import inventory
from catalog.errors import SoldOut
from catalog.inventory import Answer, Level
from catalog.lifecycle import HoldStatus
from catalog.models import Hold, JournalKind
from catalog.services import ledger

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Need:
    """Units of one inventory that one order item needs."""

    inventory_id: int
    item_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class GatePass:
    """The tokens that this attempt, and no twin of it, put into the gate."""

    token: str
    mine: tuple[int, ...] = ()

    def give_back(self) -> None:
        """After a definite failure: let others at the units again. Never after a commit whose outcome is unknown."""
        try:
            inventory.give_back(self.mine, token=self.token)
        except Unavailable:
            log.warning("gate away; its tokens expire by themselves", token=self.token)


def enter_gate(units: Mapping[int, int], *, token: str) -> GatePass:
    """Pass the gate of every inventory, or of none; raises SoldOut.

    `token` names the attempt: twins of one accept share it, and only the one that put it there may take it away.
    When Redis is away the gate is open: the ledger decides alone.
    """
    passed: list[int] = []
    try:
        for inventory_id in sorted(units):
            answer = _ask(inventory_id, token=token, units=units[inventory_id])
            if answer == Answer.NO:
                GatePass(token, tuple(passed)).give_back()
                raise SoldOut
            if answer == Answer.HELD:
                passed.append(inventory_id)
    except Unavailable:
        log.warning("gate away; the ledger decides alone", token=token)
        metrics.gate_bypassed.inc()
    return GatePass(token, tuple(passed))


def hold_units(*, order_id: str, needs: Sequence[Need], token: str, cause: Cause) -> None:
    """Hold all units in the ledger, in the caller's transaction, or raise SoldOut."""
    if not needs:
        return
    holds = [
        Hold(order_id=order_id, item_id=need.item_id, inventory_id=need.inventory_id, quantity=need.quantity)
        for need in needs
    ]
    begin_many(holds, cause=cause)
    levels = ledger.change(JournalKind.HOLD, holds, cause=cause)
    tell_gate_after_commit(levels, token=token)


def release_units(order_ids: Sequence[str], *, cause: Cause) -> None:
    """Give back what these orders hold, in the caller's transaction."""
    _resolve(order_ids, HoldStatus.RELEASED, JournalKind.RELEASE, cause)


def sell_units(order_ids: Sequence[str], *, cause: Cause) -> None:
    """Turn what these orders hold into sold units, in the caller's transaction."""
    _resolve(order_ids, HoldStatus.SOLD, JournalKind.SELL, cause)


def correct_gate(inventory_ids: Sequence[int], *, token: str) -> None:
    """After an accept was refused: tell the gate what the ledger says, and take the token away."""
    if inventory_ids:
        _tell_gate(ledger.levels(inventory_ids), token)


def tell_gate_after_commit(levels: Sequence[Level], *, token: str = "") -> None:
    """A hint: when it is lost, the reconciler repeats it within a second."""
    transaction.on_commit(partial(_tell_gate, levels, token), robust=True)


def _tell_gate(levels: Sequence[Level], token: str) -> None:
    try:
        inventory.push(levels, token=token)
    except Unavailable:
        log.warning("gate away; the reconciler will tell it", inventories=len(levels))


def _ask(inventory_id: int, *, token: str, units: int) -> Answer:
    answer = inventory.hold(inventory_id, token=token, units=units)
    if answer != Answer.COLD:
        return answer
    levels = ledger.levels([inventory_id])
    if not levels:
        return Answer.NO
    inventory.push(levels)
    # Cold again when it was wiped just now: then the ledger decides alone.
    return inventory.hold(inventory_id, token=token, units=units)


def _resolve(order_ids: Sequence[str], to: HoldStatus, kind: JournalKind, cause: Cause) -> None:
    holds = list(Hold.objects.filter(order_id__in=order_ids, status=HoldStatus.HELD).order_by("inventory_id", "pk"))
    if not holds:
        return
    move_many(holds, to, cause=cause)
    tell_gate_after_commit(ledger.change(kind, holds, cause=cause))
