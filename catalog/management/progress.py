"""Progress on a terminal as a bar, elsewhere as plain lines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

_LINES = 5


class Out(Protocol):
    """Where a command writes."""

    def write(self, msg: str) -> object:
        """Write a line."""
        ...

    def isatty(self) -> bool:
        """Whether somebody watches."""
        ...


@contextmanager
def progress(out: Out, *, title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yields a function that is told how many more of `total` are done."""
    if out.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns) as bar:
            task = bar.add_task(title, total=total)
            yield lambda more: bar.advance(task, more)
    else:
        yield _Lines(out, title, total).add


class _Lines:
    def __init__(self, out: Out, title: str, total: int) -> None:
        self._out, self._title, self._total = out, title, total
        self._done = self._told = 0

    def add(self, more: int) -> None:
        """Count, and say so each time another fifth is done."""
        self._done += more
        part = _LINES * self._done // max(1, self._total)
        if part > self._told:
            self._told = part
            self._out.write(f"{self._title} {self._done} of {self._total}")
