"""Observations that wait in memory and are told to Prometheus by the batch: an observation costs a tenth.

A process that answers by the thousand switches this on and calls `flush` many times a second; elsewhere each
observation is told at once. What waits when a process is killed is lost, a tenth of a second of it.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable
from typing import Any

from prometheus_client import Histogram
from prometheus_client.context_managers import Timer

_batches: list["Batch"] = []  # all that flush() has to visit
_timer: Any = Timer  # the library has no types for it


class Batch:
    """A histogram without labels in front of which observations may wait."""

    collecting = False

    def __init__(self, histogram: Histogram) -> None:
        self.histogram = histogram
        self._waiting: deque[float] = deque()  # appending and taking are atomic: any thread may do either
        _batches.append(self)

    def observe(self, amount: float) -> None:
        """One observation."""
        if Batch.collecting:
            self._waiting.append(amount)
        else:
            self.histogram.observe(amount)

    def time(self) -> Timer:
        """Observe how many seconds a block takes."""
        timer: Timer = _timer(self, "observe")
        return timer

    def flush(self) -> None:
        """Tell what waits."""
        add(self.histogram, taken(self._waiting))


def collect() -> None:
    """From now on observations wait in this process, and whoever calls this calls `flush`."""
    Batch.collecting = True


def flush() -> None:
    """Tell Prometheus what waits in all batches."""
    for batch in _batches:
        batch.flush()


def taken(waiting: "deque[Any]") -> list[Any]:
    """All that waits, which waits no longer."""
    every = []
    try:
        while True:
            every.append(waiting.popleft())
    except IndexError:  # asked instead of counted: another thread may be taking as well
        return every


def add(histogram: Any, amounts: Iterable[float]) -> None:
    """The same as `observe` with each of these amounts, with one write per bucket that is touched."""
    ordered = sorted(amounts)
    if not ordered:
        return
    histogram._sum.inc(sum(ordered))
    told = 0
    for bound, bucket in zip(histogram._upper_bounds, histogram._buckets, strict=True):
        below = bisect_right(ordered, bound, told)
        if below > told:
            bucket.inc(below - told)
            told = below
