"""Stop signals as a flag, so that no signal can tear a start-up apart in the middle of a step."""

import os
import signal
import time
from pathlib import Path
from types import FrameType

from altis.devstack.errors import StopRequested

_SLICE_SECONDS = 0.02
_PARENT_CHECK_SECONDS = 0.5


class Interrupt:
    """Remembers the first stop signal; long waits look at it and raise StopRequested."""

    def __init__(self, make_pid: int | None = None) -> None:
        """`make_pid`: the `make` that started us, watched because it hands on SIGTERM but not SIGINT."""
        self.signal_name: str | None = None
        self._make_pid = make_pid
        self._make_was_deaf = False
        self._next_parent_check = 0.0

    def install(self) -> None:
        """Take over SIGINT, SIGTERM and SIGHUP. A SIGHUP ignored by `nohup` stays ignored."""
        signal.signal(signal.SIGINT, self._note)
        signal.signal(signal.SIGTERM, self._note)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._note)

    def check(self) -> None:
        """Raise StopRequested when a signal has come, or when the `make` above us is going."""
        now = time.monotonic()
        if self._make_pid and self.signal_name is None and now >= self._next_parent_check:
            self._next_parent_check = now + _PARENT_CHECK_SECONDS
            self._watch_make(self._make_pid)
        if self.signal_name is not None:
            raise StopRequested(self.signal_name)

    def pause(self, seconds: float) -> None:
        """Sleep, but wake up within 20 ms of a signal and raise StopRequested."""
        end = time.monotonic() + seconds
        self.check()
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE_SECONDS))
            self.check()

    def _note(self, signum: int, _frame: FrameType | None) -> None:
        if self.signal_name is None:
            self.signal_name = signal.Signals(signum).name

    def _watch_make(self, pid: int) -> None:
        if os.getppid() != pid:
            self.signal_name = "the end of make"
            return
        # GNU make that gets SIGINT or SIGHUP alone (not its whole process group) waits for its child for
        # ever inside the handler, where the signal is blocked: the only sign that reaches us.
        deaf = _blocks(pid, signal.SIGINT) or _blocks(pid, signal.SIGHUP)
        if deaf and self._make_was_deaf:
            self.signal_name = "make's own signal"
        self._make_was_deaf = deaf


def _blocks(pid: int, signum: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    mask = next((line.split()[1] for line in status.splitlines() if line.startswith("SigBlk:")), "0")
    return bool(int(mask, 16) >> (signum - 1) & 1)
