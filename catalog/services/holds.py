"""Holding seats and other limited units (protocol LVI): the ledger is the truth, Redis is the gate.

Order of an accept: `enter_gate` before the transaction, `hold_units` as its last statements, and the gate is told
after the commit. A release or a sale needs no gate: the ledger changes, then the gate is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import structlog
from django.db import transaction

from altis.shared.actors import Cause
from altis.shared.errors import Unavailable
from altis.store.making import make
from altis.store.reading import Found, find
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
    try:
        answers = _ask(units, token=token)
    except Unavailable:
        log.warning("gate away; the ledger decides alone", token=token)
        metrics.gate_bypassed.inc()
        return GatePass(token)
    entered = GatePass(token, tuple(id for id, answer in answers.items() if answer == Answer.HELD))
    if Answer.NO in answers.values():
        entered.give_back()
        raise SoldOut
    return entered


def hold_units(*, order_id: str, needs: Sequence[Need], token: str, cause: Cause) -> None:
    """Hold all units in the ledger, in the caller's transaction, or raise SoldOut."""
    if not needs:
        return
    holds = [
        make(Hold, order_id=order_id, item_id=need.item_id, inventory_id=need.inventory_id, quantity=need.quantity)
        for need in needs
    ]
    begin_many(holds, cause=cause)
    tell_gate_of(ledger.change(JournalKind.HOLD, holds, cause=cause), token=token)


def sell_units(order_ids: Sequence[str], *, cause: Cause, held: Found[Hold] | None = None) -> None:
    """Turn what these orders hold into sold units, in the caller's transaction; `held` was asked for before."""
    holds = (held or held_units(order_ids)).all()
    if holds:
        move_many(holds, HoldStatus.SOLD, cause=cause)
        tell_gate_of(ledger.change(JournalKind.SELL, holds, cause=cause))


def held_units(order_ids: Sequence[str]) -> Found[Hold]:
    """Queue the look-up of what these orders hold."""
    return find(Hold, "WHERE order_id = ANY($1) AND status = 'HELD' ORDER BY inventory_id, id", order_ids)


def correct_gate(inventory_ids: Sequence[int], *, token: str) -> None:
    """After an accept was refused: tell the gate what the ledger says, and take the token away."""
    if inventory_ids:
        _tell_gate(ledger.levels(inventory_ids), token)


def tell_gate_after_commit(levels: Sequence[Level], *, token: str = "") -> None:
    """A hint: when it is lost, the reconciler repeats it within a second."""
    transaction.on_commit(partial(_tell_gate, levels, token), robust=True)


def tell_gate_of(read: Callable[[], list[Level]], *, token: str = "") -> None:
    """The same for levels that may come with the commit itself."""
    transaction.on_commit(lambda: _tell_gate(read(), token), robust=True)


def _tell_gate(levels: Sequence[Level], token: str) -> None:
    try:
        inventory.push(levels, token=token)
    except Unavailable:
        log.warning("gate away; the reconciler will tell it", inventories=len(levels))


def _ask(units: Mapping[int, int], *, token: str) -> dict[int, Answer]:
    """What every gate says, in one round trip; those that are cold are filled from the ledger and asked once more."""
    answers = inventory.hold_all(units, token=token)
    cold = [id for id, answer in answers.items() if answer == Answer.COLD]
    if not cold or Answer.NO in answers.values():
        return answers
    levels = ledger.levels(cold)
    inventory.push(levels)
    known = {level.inventory_id: units[level.inventory_id] for level in levels}
    # Cold again when it was wiped just now: then the ledger decides alone.
    return {**answers, **dict.fromkeys(cold, Answer.NO), **inventory.hold_all(known, token=token)}
