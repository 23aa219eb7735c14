"""Processor time and memory of whole families of processes, from /proc, and how busy everybody else is."""

import contextlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.torture.processes import family

TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_STAT = Path("/proc/stat")
# Fields of /proc/PID/stat after the name: utime and stime, then those of children that were waited for.
_TIMES = slice(11, 15)
_IDLE, _IOWAIT, _GUEST = 3, 4, 8


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and of all below it; what a child used counts when it has ended, too."""
    return sum(_times(each.pid) for each in family(pid))


def resident_bytes(pid: int) -> int:
    """Memory of one process that is in RAM, shared pages included; 0 for one that has gone."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    return 0


def machine_busy_seconds(stat: Path = _STAT) -> float:
    """Time of all cores that was not idle, whoever had it; steal is somebody else's."""
    fields = [int(field) for field in stat.read_text().partition("\n")[0].split()[1:]]
    busy = sum(fields[:_GUEST]) - fields[_IDLE] - fields[_IOWAIT]
    return busy / TICKS


@dataclass(frozen=True, slots=True)
class Spent:
    """Between two looks: seconds of each group, and cores that belonged to nobody of ours."""

    seconds: Mapping[str, float]
    foreign: float


class Meter:
    """Counts the processor time of named groups; `ours` is everything else that is not foreign."""

    def __init__(self, groups: Mapping[str, Callable[[], int | None]]) -> None:
        """Each group is told by the number of its first process, None while there is none."""
        self._groups = groups
        self._at, self._busy, self._own, self._before = 0.0, 0.0, 0.0, dict[str, float]()

    def start(self) -> None:
        """From now on."""
        self._before = self._look()
        self._at, self._busy, self._own = time.monotonic(), machine_busy_seconds(), _own_seconds()

    def stop(self) -> Spent:
        """What each group has used since `start`. Our own children that have ended, drivers that is, are ours."""
        elapsed = max(1e-9, time.monotonic() - self._at)
        busy, own, now = machine_busy_seconds() - self._busy, _own_seconds() - self._own, self._look()
        used = {name: max(0.0, now[name] - self._before.get(name, 0.0)) for name in now}
        return Spent(used, max(0.0, busy - own - sum(used.values())) / elapsed)

    def _look(self) -> dict[str, float]:
        found = {}
        for name, pid_of in self._groups.items():
            pid = pid_of()
            if pid is not None:
                found[name] = cpu_seconds(pid)
        return found


def wait_for_quiet(*, most_cores: float, seconds: float, look_seconds: float = 0.3) -> float:
    """Wait until the machine is nearly idle, at most so long; returns the cores that were busy at the last look."""
    ends = time.monotonic() + seconds
    while True:
        before, at = machine_busy_seconds(), time.monotonic()
        time.sleep(look_seconds)
        busy = (machine_busy_seconds() - before) / (time.monotonic() - at)
        if busy <= most_cores or time.monotonic() >= ends:
            return busy


def _times(pid: int) -> float:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(field) for field in fields[_TIMES]) / TICKS
    return 0.0


def _own_seconds() -> float:
    """This process, and those of its children that have ended and were waited for."""
    return sum(os.times()[:4])
