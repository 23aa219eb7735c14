"""A lifecycle is a table of allowed moves; the drawing in the documents is made from the same table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from altis.shared.errors import Conflict

S = TypeVar("S", bound=str)


class IllegalMove(Conflict):
    """The lifecycle has no such move."""

    code = "illegal_move"
    message = "The present status does not allow that."


class Lifecycle(Generic[S]):
    """The statuses of one thing, where it starts, and where each status may go."""

    def __init__(self, moves: Mapping[S, Sequence[S]], *, start: S) -> None:
        self._moves = {status: tuple(targets) for status, targets in moves.items()}
        self.start = start

    def check(self, status: S | None, to: S) -> None:
        """Pass when `status → to` is allowed (`None → start` is the beginning), else raise IllegalMove."""
        allowed = (self.start,) if status is None else self._moves[status]
        if to not in allowed:
            raise IllegalMove(f"There is no move from {status} to {to}.")

    def is_final(self, status: S) -> bool:
        """Whether nothing follows this status."""
        return not self._moves[status]

    def edges(self) -> Iterator[tuple[S | None, S]]:
        """Every allowed move as (from, to), beginning with (None, start)."""
        yield None, self.start
        for status, targets in self._moves.items():
            for to in targets:
                yield status, to

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {status or '[*]'} --> {to}" for status, to in self.edges()]
        lines += [f"    {status} --> [*]" for status in self._moves if self.is_final(status)]
        return "\n".join(lines)
