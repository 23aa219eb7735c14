"""The inventory protocol (docs/holds.md): the ledger is the truth, the gate turns losers away.

Each step is one that is atomic in the code: a Redis script, a statement that locks a row, a commit, a read. Between any
two steps of one request everybody else's steps may come.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.models.inventory_repair import faults_of, reconciler, repaired
from tests.models.inventory_world import (
    Fault,
    Gate,
    Guards,
    Job,
    Kind,
    Ledger,
    Level,
    Request,
    Round,
    Scenario,
    Step,
    World,
)

# What a unit of each kind does to (held, sold).
_EFFECT = {Kind.ACCEPT: (1, 0), Kind.RELEASE: (-1, 0), Kind.SELL: (-1, 1)}
_UNCOMMITTED = frozenset({Step.CHANGE, Step.COMMIT})
_ASKS_THE_GATE = frozenset({Step.ASK, Step.ASK_AGAIN, Step.FILL})
_TELLS_THE_GATE = frozenset({Step.TELL, Step.CORRECT, Step.GIVE_BACK})

Moves = Iterator[tuple[str, World]]


@dataclass(frozen=True, slots=True)
class Inventory:
    """A model for the explorer."""

    scenario: Scenario
    guards: Guards = Guards()

    @property
    def first(self) -> World:
        """Some units held, version 0, and the gate cold or right."""
        ledger = Ledger(held=self.scenario.held, sold=0, version=0)
        gate = None if self.scenario.cold else Gate(self._level(ledger))
        starts = [Request(Step.ASK if job.kind is Kind.ACCEPT else Step.CHANGE) for job in self.scenario.jobs]
        backup = ledger if Fault.RESTORE in self.scenario.faults else None
        return World(ledger, gate, tuple(starts), Round(left=self.scenario.rounds), file=gate, backup=backup)

    def moves(self, world: World) -> Moves:
        """Every step of every request and of the reconciler, and every fault."""
        for who, job in enumerate(self.scenario.jobs):
            step_now = world.requests[who].step
            if step_now is not Step.OVER:
                for step, after in self._go_on(world, who, job, step_now):
                    yield f"{job.name} {step}", after
                for step, after in self._fail(world, who, step_now):
                    yield f"{job.name} {step}", after
        yield from reconciler(world, self.scenario, self.guards)
        yield from faults_of(world, self.scenario.faults)

    def broken(self, world: World) -> str:
        """No oversell, ever; a forced push only after a restore; and where it is promised, a gate without surplus."""
        if world.ledger.held + world.ledger.sold > self.scenario.capacity:
            return "oversold"
        if world.round.force and world.backup is None:
            return "the gate is forced back though the ledger never went back"
        if self.scenario.exact and self._admitted(world) > self.scenario.capacity:
            return "the gate let one too many through"
        return ""

    def at_rest(self, world: World) -> bool:
        """Every request has ended and no round is on."""
        return not world.round.on and all(request.step is Step.OVER for request in world.requests)

    def broken_at_rest(self, world: World) -> str:
        """Without faults the gate is right at once; after any faults, one token's life and one round later."""
        if not self.scenario.faults:
            return "" if self._equal(world) else "the gate is wrong though nothing failed"
        return "" if self._equal(repaired(world, self.scenario, self.guards)) else "the gate stays wrong"

    def _equal(self, world: World) -> bool:
        return world.gate is None or world.gate == Gate(self._level(world.ledger))

    def _admitted(self, world: World) -> int:
        """Units gone, and units that attempts beyond the gate want; twins want the same one."""
        wanted = {
            job.token
            for job, request in zip(self.scenario.jobs, world.requests, strict=True)
            if job.kind is Kind.ACCEPT and request.step in _UNCOMMITTED
        }
        return world.ledger.held + world.ledger.sold + len(wanted - world.ledger.claimed)

    def _level(self, ledger: Ledger) -> Level:
        return ledger.level(self.scenario.capacity)

    def _push(self, gate: Gate | None, level: Level | None, *, token: str = "", force: bool = False) -> Gate:
        if level is None:
            raise AssertionError("a request that pushes has read the ledger")
        return level.pushed_to(gate, token=token, force=force or not self.guards.versions)

    def _go_on(self, world: World, who: int, job: Job, step: Step) -> Moves:
        match step:
            case Step.ASK | Step.ASK_AGAIN:
                moves = self._ask(world, who, job)
            case Step.READ_TO_FILL | Step.FILL:
                moves = self._fill(world, who)
            case Step.CHANGE:
                moves = self._change(world, who, job)
            case Step.COMMIT:
                moves = self._commit(world, who, job)
            case Step.UNANSWERED:
                moves = self._unanswered(world, who, job)
            case Step.TELL | Step.SET:
                moves = self._tell(world, who, job)
            case _:
                moves = self._refused(world, who, job)
        return moves

    def _fail(self, world: World, who: int, step: Step) -> Moves:
        faults = self.scenario.faults
        if Fault.CRASH in faults and step is not Step.UNANSWERED:  # there, its connection has died already
            yield "dies", world.over(who)
        if Fault.GATE_AWAY in faults and step in _ASKS_THE_GATE:
            yield "finds the gate away", world.at(who, Step.CHANGE)
        if Fault.LOST_PUSH in faults and step in _TELLS_THE_GATE:
            yield "tells the gate in vain", world.over(who)

    def _ask(self, world: World, who: int, job: Job) -> Moves:
        gate = world.gate
        if gate is None:
            if world.requests[who].step is Step.ASK:
                yield "finds the gate cold", world.at(who, Step.READ_TO_FILL)
            else:
                yield "finds the gate cold again", world.over(who)
        elif job.token in gate.tokens:
            yield "finds its twin's token", world.at(who, Step.CHANGE)
        elif gate.level.available - len(gate.tokens) < 1:
            yield "is turned away at the gate", world.over(who)
        else:
            passed = world._replace(gate=gate._replace(tokens=gate.tokens | {job.token}))
            yield "passes the gate", passed.at(who, Step.CHANGE, mine=True)
            if Fault.GATE_AWAY in self.scenario.faults:
                yield "passes the gate and does not hear it", passed.at(who, Step.CHANGE)

    def _fill(self, world: World, who: int) -> Moves:
        request = world.requests[who]
        if request.step is Step.READ_TO_FILL:
            yield "reads the ledger for the gate", world.at(who, Step.FILL, level=self._level(world.ledger))
        else:
            gate = self._push(world.gate, request.level, force=not self.guards.fill_by_version)
            yield "fills the gate", world.at(who, Step.ASK_AGAIN)._replace(gate=gate)

    def _change(self, world: World, who: int, job: Job) -> Moves:
        """The transaction up to its last statement. It waits for the row, and whoever has it ends."""
        mine = world.requests[who].mine
        failed = world.at(who, Step.GIVE_BACK) if mine else world.over(who)
        if Fault.NO_TRANSACTION in self.scenario.faults:
            yield "has no transaction", failed
        if world.row is not None:
            return
        level = self._level(self._changed(world.ledger, job))
        if job.offer in world.ledger.claimed:
            yield "finds the offer taken", failed
        elif level.available < 0 and job.kind is Kind.ACCEPT and self.guards.arbiter:
            yield "is refused by the ledger", world.at(who, Step.READ_TRUTH)
        else:
            yield "changes the ledger's row", world.at(who, Step.COMMIT, level=level)._replace(row=who)

    def _commit(self, world: World, who: int, job: Job) -> Moves:
        committed = world._replace(ledger=self._changed(world.ledger, job), row=None)
        yield "commits", committed.at(who, Step.TELL, level=world.requests[who].level)
        if Fault.LOST_ANSWER in self.scenario.faults:
            yield "sends its commit and hears nothing", world.at(who, Step.UNANSWERED)

    def _unanswered(self, world: World, who: int, job: Job) -> Moves:
        """PostgreSQL decides, while the client looks the order up: found or not, the token stays where it is."""
        after = world.over(who)
        yield "was committed", after._replace(ledger=self._changed(world.ledger, job))
        yield "was rolled back", after
        if not self.guards.token_kept and world.requests[who].mine and world.gate:
            given = world._replace(gate=world.gate.without(job.token))
            yield "gives its token back", given.at(who, Step.UNANSWERED, mine=False)

    def _tell(self, world: World, who: int, job: Job) -> Moves:
        request, gate = world.requests[who], world.gate
        if job.kind is not Kind.RELEASE or self.guards.release_by_push:
            token = job.token if job.kind is Kind.ACCEPT else ""
            told = self._push(gate, request.level, token=token)
            yield "tells the gate", world.over(who)._replace(gate=told)
        elif gate is None:
            yield "finds nothing to add to", world.over(who)
        elif request.step is Step.TELL:
            yield "reads what the gate has", world.at(who, Step.SET, level=gate.level)
        elif request.level is not None:
            level = gate.level._replace(available=request.level.available + 1)
            yield "writes one more", world.over(who)._replace(gate=gate._replace(level=level))

    def _refused(self, world: World, who: int, job: Job) -> Moves:
        request = world.requests[who]
        if request.step is Step.READ_TRUTH:
            yield "reads the ledger", world.at(who, Step.CORRECT, level=self._level(world.ledger))
        elif request.step is Step.CORRECT:
            told = self._push(world.gate, request.level, token=job.token)
            yield "corrects the gate", world.over(who)._replace(gate=told)
        else:
            gate = world.gate and world.gate.without(job.token)
            yield "gives its token back", world.over(who)._replace(gate=gate)

    def _changed(self, ledger: Ledger, job: Job) -> Ledger:
        held, sold = _EFFECT[job.kind]
        claimed = ledger.claimed | {job.offer} if job.offer else ledger.claimed
        return Ledger(ledger.held + held, ledger.sold + sold, ledger.version + 1, claimed)
