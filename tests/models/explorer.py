"""Walks through every state that a model can reach, breadth first, so that the first bad state has a shortest trace.

A model is a first state and the moves that lead from a state to others: the steps of everybody who takes part, and the
faults. Each state is a hashable value, so two ways into the same state are walked on only once.
"""

from collections import deque
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

S = TypeVar("S", bound=Hashable)
STUCK = "nothing can happen any more, and somebody is still on the way"


class Model(Protocol[S]):
    """What the explorer asks of a protocol. A promise is named by a sentence; the empty one means that all are kept."""

    @property
    def first(self) -> S:
        """The state in which the world begins."""

    def moves(self, state: S) -> Iterator[tuple[str, S]]:
        """Every step that may come next, with its name and the state after it."""

    def broken(self, state: S) -> str:
        """The promise that this state breaks, of those that hold at every instant."""

    def at_rest(self, state: S) -> bool:
        """Whether nobody is in the middle of anything, and nothing is on its way."""

    def broken_at_rest(self, state: S) -> str:
        """The promise that this state at rest breaks once the periodic jobs have run, without further faults."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was walked through, and the shortest way into the first bad state, if there is one."""

    states: int
    transitions: int
    rests: int
    steps: frozenset[str]
    promise: str = ""
    trace: tuple[str, ...] = ()


class TooManyStates(Exception):
    """The model is larger than its caller expected."""


def explore(model: Model[S], *, limit: int = 400_000) -> Report:
    """Walk until everything has been seen or a promise is broken; raises TooManyStates beyond the limit."""
    first = model.first
    came_from: dict[S, tuple[S, str] | None] = {first: None}
    queue = deque([first])
    transitions = rests = 0
    steps: set[str] = set()
    while queue:
        state = queue.popleft()
        promise = model.broken(state)
        resting = model.at_rest(state)
        if resting:
            rests += 1
            promise = promise or model.broken_at_rest(state)
        before = transitions
        if not promise:
            for step, after in model.moves(state):
                transitions += 1
                steps.add(step)
                if after not in came_from:
                    came_from[after] = (state, step)
                    queue.append(after)
            if transitions == before and not resting:
                promise = STUCK
        if promise:
            return Report(len(came_from), transitions, rests, frozenset(steps), promise, _trace(came_from, state))
        if len(came_from) > limit:
            raise TooManyStates(limit)
    return Report(len(came_from), transitions, rests, frozenset(steps))


def _trace(came_from: dict[S, tuple[S, str] | None], state: S) -> tuple[str, ...]:
    steps: list[str] = []
    while (link := came_from[state]) is not None:
        state, step = link
        steps.append(step)
    return tuple(reversed(steps))
