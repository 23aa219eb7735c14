"""What mends the gate (`catalog/services/reconcile.py`), and what breaks it."""

from collections.abc import Iterator

from tests.models.inventory_world import OVER, Fault, Gate, Guards, Ledger, Round, Scenario, World

Moves = Iterator[tuple[str, World]]


def reconciler(world: World, scenario: Scenario, guards: Guards) -> Moves:
    """A round reads the gate, then the ledger, and pushes when they differ. A cold gate is left to its next caller."""
    now = world.round
    if not now.on:
        if now.left and world.gate is not None:
            begun = Round(left=now.left - 1)
            yield from (_read_gate if guards.gate_first else _read_ledger)(world, begun, scenario, guards)
    elif now.ledger is None:
        yield from _read_ledger(world, now, scenario, guards)
    elif now.gate is None:
        yield from _read_gate(world, now, scenario, guards)
    else:
        over = world._replace(round=Round(left=now.left))
        told = now.ledger.pushed_to(world.gate, force=now.force or not guards.versions)
        yield "the reconciler tells the gate", over._replace(gate=told)
        if Fault.LOST_PUSH in scenario.faults or Fault.CRASH in scenario.faults:
            yield "the reconciler tells the gate in vain", over


def repaired(world: World, scenario: Scenario, guards: Guards) -> World:
    """The world after the deadline of every token and one round of the reconciler, with nothing lost."""
    if world.gate is None:
        return world
    world = world._replace(gate=Gate(world.gate.level), round=Round(left=1))
    while world.round.left or world.round.on:
        _, world = next(reconciler(world, scenario, guards))
    return world


def faults_of(world: World, faults: frozenset[Fault]) -> Moves:
    """Whatever may happen to the two stores now."""
    gate = world.gate
    if gate is not None:
        if Fault.TOKEN_ENDS in faults:
            for token in sorted(gate.tokens):
                yield f"{token}'s token ends", world._replace(gate=gate.without(token))
        if Fault.WIPE in faults:
            yield "Redis comes back empty", world._replace(gate=None)
    if Fault.STALE in faults and world.file != gate:
        yield "Redis comes back with its file", world._replace(gate=world.file)
        if gate is not None:
            yield "Redis writes its file", world._replace(file=gate)
    if world.backup is not None and world.ledger != world.backup:
        yield "PostgreSQL is backed up", world._replace(backup=world.ledger)
        yield "PostgreSQL is restored", _restored(world, world.backup)


def _restored(world: World, backup: Ledger) -> World:
    """An open transaction is lost; what others have in their hands is from a time that never was."""
    cut = [OVER if who == world.row else request for who, request in enumerate(world.requests)]
    return world._replace(ledger=backup, requests=tuple(cut), row=None)


def _read_gate(world: World, now: Round, _: Scenario, guards: Guards) -> Moves:
    if world.gate is None:
        yield "the reconciler finds the gate cold", world._replace(round=Round(left=now.left))
    else:
        read = now._replace(gate=world.gate.level)
        yield "the reconciler reads the gate", world._replace(round=_compared(read, guards))


def _read_ledger(world: World, now: Round, scenario: Scenario, guards: Guards) -> Moves:
    read = now._replace(ledger=world.ledger.level(scenario.capacity))
    yield "the reconciler reads the ledger", world._replace(round=_compared(read, guards))


def _compared(now: Round, guards: Guards) -> Round:
    """The round after a read: over when both sides say the same, forced when the ledger went back in time."""
    if now.gate is None or now.ledger is None:
        return now
    behind = now.ledger.version - now.gate.version
    same = now.ledger == now.gate if guards.levels_compared else behind == 0
    return Round(left=now.left) if same else now._replace(force=behind <= 0)
