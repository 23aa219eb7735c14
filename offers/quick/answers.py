"""Answers that are asked for again, kept while nothing that they were made from has changed; bounded in bytes."""

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from catalog.index.records import Cell, Look
from offers.quick.rendering import Pressed
from offers.trip import SearchRequest

MOST_BYTES = 16 * 1024 * 1024
# Searches that were asked once are only counted: most are never asked again.
MOST_COUNTED = 8192


class Kept(NamedTuple):
    """An answer, and all it depends on: the looks it was made from, and the flights that depart after these instants.

    `since`, `until` in microseconds since 1970; before `plain_until` the days that were asked for are past nowhere.
    """

    request: SearchRequest
    pressed: Pressed
    since: int
    until: int
    plain_until: int
    cells: list[Cell]
    looks: list[Look]

    def stands(self, after: int) -> bool:
        """Whether the same search would make the same answer again."""
        return self.since <= after < self.until and [cell.look for cell in self.cells] == self.looks

    @property
    def size(self) -> int:
        """In bytes: the texts, and roughly the request, the looks that are kept alive, and what holds them together."""
        return self.pressed.size + 2_000 + 150 * len(self.cells)


class Answers:
    """What was answered lately, by the request. The one that was not asked for the longest goes first."""

    def __init__(self) -> None:
        self.size = 0
        self._kept: OrderedDict[int, Kept] = OrderedDict()
        self._once: set[int] = set()
        self._lock = Lock()

    def find(self, request: SearchRequest, after: int, *, plainly: bool = False) -> Pressed | None:
        """The answer, if it is the one that would be made now; `plainly`: and the request breaks no rule by then."""
        number = hash(request)
        kept = self._kept.get(number)
        if kept is None or kept.request != request or (plainly and after >= kept.plain_until):
            return None
        stands = kept.stands(after)
        with self._lock:
            if self._kept.get(number) is kept:
                self._kept.move_to_end(number) if stands else self._drop(number)
        return kept.pressed if stands else None

    def keep(self, kept: Kept) -> None:
        """Keep an answer from the second time on that it was made."""
        number = hash(kept.request)
        with self._lock:
            if number not in self._once:
                if len(self._once) >= MOST_COUNTED:
                    self._once.clear()
                self._once.add(number)
                return
            self._drop(number)
            self._kept[number] = kept
            self.size += kept.size
            while self.size > MOST_BYTES:
                self._drop(next(iter(self._kept)))

    def _drop(self, number: int) -> None:
        gone = self._kept.pop(number, None)
        if gone is not None:
            self.size -= gone.size
