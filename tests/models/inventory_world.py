"""What the inventory model is made of: the ledger, the gate, who takes part, which guards there are and what may break.

One inventory, and one unit a request. Several inventories add nothing: each is a key and a row of its own, and that an
order gets all or none of them is PostgreSQL's transaction.
"""

from dataclasses import dataclass
from enum import IntEnum, auto
from typing import Final, NamedTuple


class Level(NamedTuple):
    """What the ledger said was available, at which version."""

    available: int
    version: int

    def pushed_to(self, gate: "Gate | None", *, token: str = "", force: bool = False) -> "Gate":
        """The gate after it was told this level, and the token taken away; a newer level stands (lua/push.lua)."""
        if gate is None:
            return Gate(self)
        level = self if force or self.version > gate.level.version else gate.level
        return Gate(level, gate.tokens - {token})


class Gate(NamedTuple):
    """The hash in Redis: the level it was told last, and the tokens of the attempts in flight."""

    level: Level
    tokens: frozenset[str] = frozenset()

    def without(self, token: str) -> "Gate":
        """The same gate, this token gone."""
        return self._replace(tokens=self.tokens - {token})


class Ledger(NamedTuple):
    """The row in PostgreSQL that is the truth, and the offers that were decided."""

    held: int
    sold: int
    version: int
    claimed: frozenset[str] = frozenset()

    def level(self, capacity: int) -> Level:
        """What it says now."""
        return Level(capacity - self.held - self.sold, self.version)


class Step(IntEnum):
    """Where a request stands: what it does next."""

    ASK = auto()  # ask the gate
    READ_TO_FILL = auto()  # the gate was cold: read the ledger
    FILL = auto()  # tell the gate
    ASK_AGAIN = auto()
    CHANGE = auto()  # the transaction: claim the offer, change the ledger's row, keep it locked
    COMMIT = auto()
    UNANSWERED = auto()  # the commit was sent, and the connection is lost: PostgreSQL decides by itself
    TELL = auto()  # push the new level, and take the token away
    SET = auto()  # only where a release is done by GET and SET
    READ_TRUTH = auto()  # the ledger refused: read it
    CORRECT = auto()  # and tell the gate
    GIVE_BACK = auto()  # take the token away, tell nothing
    OVER = auto()


class Request(NamedTuple):
    """One request on its way: the step before it, the level in its hands, whether the token is its own."""

    step: Step
    level: Level | None = None
    mine: bool = False


OVER: Final = Request(Step.OVER)


class Round(NamedTuple):
    """The reconciler: what it has read of each side, and how many rounds it has left."""

    gate: Level | None = None
    ledger: Level | None = None
    force: bool = False
    left: int = 0

    @property
    def on(self) -> bool:
        """Whether something has been read."""
        return self.gate is not None or self.ledger is not None


class World(NamedTuple):
    """Everything there is. `row` is who has the ledger's row locked."""

    ledger: Ledger
    gate: Gate | None  # cold
    requests: tuple[Request, ...]
    round: Round
    row: int | None = None
    file: Gate | None = None  # what Redis would come back with
    backup: Ledger | None = None  # what PostgreSQL would be restored to

    def at(self, who: int, step: Step, *, level: Level | None = None, mine: bool | None = None) -> "World":
        """The same world with one request a step further."""
        mine = self.requests[who].mine if mine is None else mine
        requests = (*self.requests[:who], Request(step, level, mine), *self.requests[who + 1 :])
        return self._replace(requests=requests)

    def over(self, who: int) -> "World":
        """The same world without one request; a transaction that it had open is rolled back."""
        requests = (*self.requests[:who], OVER, *self.requests[who + 1 :])
        return self._replace(requests=requests, row=None if self.row == who else self.row)


class Kind(IntEnum):
    """What a request does to its unit."""

    ACCEPT = auto()
    RELEASE = auto()
    SELL = auto()


class Job(NamedTuple):
    """A request that will come at any moment. Accepts of one offer are twins."""

    name: str
    kind: Kind = Kind.ACCEPT
    offer: str = ""

    @property
    def token(self) -> str:
        """The name under which it passes the gate: its offer's, so twins share it."""
        return self.offer or self.name


class Fault(IntEnum):
    """What may go wrong, any number of times and at any moment."""

    CRASH = auto()  # a process dies
    LOST_PUSH = auto()  # what the gate is told gets lost
    LOST_ANSWER = auto()  # to a COMMIT
    NO_TRANSACTION = auto()  # a lock or statement times out: a definite failure
    TOKEN_ENDS = auto()  # its deadline passes while the attempt is merely slow
    GATE_AWAY = auto()  # Redis does not answer, though it may have done what was asked
    WIPE = auto()  # Redis comes back empty
    STALE = auto()  # Redis comes back with an older file
    RESTORE = auto()  # PostgreSQL comes back as it was at its backup


@dataclass(frozen=True, slots=True)
class Guards:
    """The protocol's guards. Each may be turned off, to see what it is for."""

    arbiter: bool = True  # the ledger's UPDATE repeats the condition
    versions: bool = True  # PUSH compares versions
    fill_by_version: bool = True  # so does the fill of a cold gate
    gate_first: bool = True  # the reconciler reads the gate before the ledger
    token_kept: bool = True  # while the outcome of a commit is unknown
    release_by_push: bool = True  # not by GET and SET
    levels_compared: bool = True  # the reconciler compares levels, not just their versions


@dataclass(frozen=True, slots=True)
class Scenario:
    """Who takes part, how many units there are, and what may go wrong."""

    jobs: tuple[Job, ...]
    capacity: int = 1
    held: int = 0
    cold: bool = False
    rounds: int = 1
    faults: frozenset[Fault] = frozenset()
    exact: bool = False  # whether the gate alone is to admit no surplus
