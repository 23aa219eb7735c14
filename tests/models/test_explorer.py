"""The explorer finds every state, the shortest way into a bad one, and who is stuck."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.models.explorer import STUCK, TooManyStates, explore


@dataclass(frozen=True)
class Counter:
    """Counts to a goal in ones and twos, and rests there."""

    goal: int = 5
    forbidden: int = -1
    bad_end: bool = False
    first: int = 0

    def moves(self, state: int) -> Iterator[tuple[str, int]]:
        """One or two more, never beyond the goal."""
        for step in (1, 2):
            if state + step <= self.goal:
                yield f"+{step}", state + step

    def broken(self, state: int) -> str:
        """One number may be forbidden."""
        return "forbidden" if state == self.forbidden else ""

    def at_rest(self, state: int) -> bool:
        """At five, whatever the goal is."""
        return state == 5

    def broken_at_rest(self, state: int) -> str:
        """The end may be a bad one."""
        return "a bad end" if self.bad_end else ""


def test_every_state_and_every_way_into_it_is_counted() -> None:
    report = explore(Counter())

    assert (report.states, report.transitions, report.rests) == (6, 9, 1)
    assert (report.promise, report.trace) == ("", ())
    assert report.steps == {"+1", "+2"}


def test_the_way_into_a_bad_state_is_a_shortest_one() -> None:
    report = explore(Counter(forbidden=4))

    assert (report.promise, report.trace) == ("forbidden", ("+2", "+2"))


def test_a_rest_is_judged_by_what_the_repairs_leave() -> None:
    report = explore(Counter(bad_end=True))

    assert (report.promise, report.trace) == ("a bad end", ("+1", "+2", "+2"))


def test_whoever_can_neither_rest_nor_go_on_is_stuck() -> None:
    report = explore(Counter(goal=3))

    assert (report.promise, report.trace) == (STUCK, ("+1", "+2"))


def test_a_model_that_is_too_large_is_given_up() -> None:
    with pytest.raises(TooManyStates):
        explore(Counter(goal=1000), limit=100)
