"""Signals for the rig's own processes: sent through a handle, so that a number with a new owner is never hit."""

import contextlib
import os
import signal
from pathlib import Path

from altis.devstack.process import Identity, identity


def send(process: Identity, signum: signal.Signals) -> bool:
    """Signal exactly this process; False when it has gone."""
    try:
        handle = os.pidfd_open(process.pid)
    except OSError:
        return False
    try:
        # The handle names whoever has the number now: only then can its start time be compared without a race.
        if identity(process.pid) != process:
            return False
        signal.pidfd_send_signal(handle, signum)
    except ProcessLookupError:
        return False
    finally:
        os.close(handle)
    return True


def children(pid: int) -> list[Identity]:
    """The living children of a process."""
    return [found for child in _begotten(pid) if (found := identity(child)) is not None]


def family(pid: int) -> list[Identity]:
    """The process and all below it, parents first."""
    numbers = [pid]
    for parent in numbers:  # grows while it is walked
        numbers += _begotten(parent)
    return [found for number in numbers if (found := identity(number)) is not None]


def command_line(pid: int) -> str:
    """Its words, or the title that it gave itself; empty for one that has gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _begotten(pid: int) -> list[int]:
    """The children that each thread of the process has begotten. Walking all of /proc would cost 20 ms and more."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    return found


class Freezer:
    """Stops whole families of processes and remembers them, so that none stays stopped."""

    def __init__(self) -> None:
        self._frozen: dict[str, list[Identity]] = {}

    def freeze(self, key: str, pid: int) -> int:
        """SIGSTOP to a family, the parent first so that it begets nobody meanwhile; how many were stopped."""
        stopped = self._frozen.setdefault(key, [])
        for process in family(pid):
            stopped.append(process)
            send(process, signal.SIGSTOP)
        return len(stopped)

    def thaw(self, key: str) -> None:
        """SIGCONT to those that were frozen under this key."""
        for process in reversed(self._frozen.pop(key, [])):
            send(process, signal.SIGCONT)

    def thaw_all(self) -> None:
        """Everybody."""
        for key in list(self._frozen):
            self.thaw(key)
