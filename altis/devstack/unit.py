"""One process of the stack over its lives: started, probed until it is ready, restarted when it dies."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from altis.devstack.errors import StackError
from altis.devstack.log import say
from altis.devstack.process import Command, Identity, has_ended, identity, reap_group, spawn, wait_until

_TAIL_LINES = 15


class Phase(Enum):
    """Where a unit is in its present life."""

    DOWN = auto()  # not running; `_next_start` says whether it will be
    STARTING = auto()  # runs, does not answer yet
    UP = auto()  # answered once


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to run one unit. `command` is asked anew for each life, so that it may choose another port."""

    name: str
    command: Callable[[], Command]
    is_ready: Callable[[int], bool]  # asked with the process's number
    where: Callable[[], str] = str  # for the log: an address, or nothing
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 8.0
    stop_round: int = 3  # lower rounds stop first: 1 the API, 2 the other processes, 3 the servers
    ready_seconds: float = 30.0
    patience: float | None = None  # seconds after which it counts as started without an answer
    first_lives: int = 5  # how many deaths before the first answer end the whole start
    back_off: tuple[float, ...] = (0.2, 0.5, 1, 2, 5, 10)  # seconds before each restart; the last for all further ones
    calm_seconds: float = 60.0  # a process that lived this long has its back-off forgiven


class Unit:
    """The running side of a Plan. All methods belong to the main thread."""

    def __init__(self, plan: Plan, on_change: Callable[[], None]) -> None:
        self.plan = plan
        self.phase = Phase.DOWN
        self.identity: Identity | None = None
        self.held = False
        self._child: subprocess.Popen[bytes] | None = None
        self._log = Path()
        self._on_change = on_change
        self._deaths = 0
        self._was_ready = False
        self._started_at = 0.0
        self._next_start: float | None = None

    def start(self) -> None:
        """Begin a life. Returns at once: `tick` sees it become ready."""
        command = self.plan.command()
        self._log = command.log
        self._started_at = time.monotonic()
        self._next_start = None
        self._child = spawn(command)
        self.identity = identity(self._child.pid)
        self.phase = Phase.STARTING
        self._on_change()

    def tick(self) -> None:
        """Look once: bury, restart, or greet. Raises StackError when the first start has failed for good."""
        if self.held:
            return
        if self._child is None:
            if self._next_start is not None and time.monotonic() >= self._next_start:
                self.start()
        elif has_ended(self._child):
            self._bury(self._child)
        elif self.phase is Phase.STARTING:
            self._greet_or_give_up(self._child)

    def hold(self) -> None:
        """Kill it and keep it down, whatever happens, until `release`. Returns when it has ended."""
        self.held, self._next_start = True, None
        if self._child is not None:
            self._child.kill()
            self._forget(self._child)
            self._on_change()

    def release(self) -> None:
        """Start it, and from now on keep it up again."""
        if self.held:
            self.held = False
            self.start()

    def ask_to_stop(self) -> None:
        """Send the stop signal; no more restarts."""
        self._next_start = None
        if self._child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._child.pid, self.plan.stop_signal)

    def see_off(self, seconds: float) -> None:
        """Wait for the end, at most `seconds`; then kill the whole group. Nothing of it is left after this."""
        if self._child is None:
            return
        child = self._child
        if not wait_until(lambda: has_ended(child), seconds):
            say(self.plan.name, f"did not stop in {seconds:.0f} s: killed")
            child.kill()
            wait_until(lambda: has_ended(child), 5)
        self._forget(child)

    def tail(self) -> str:
        """The last lines of its log, indented for the terminal."""
        with contextlib.suppress(OSError):
            lines = self._log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
            return "".join(f"\n    {line}" for line in lines)
        return ""

    def _greet_or_give_up(self, child: subprocess.Popen[bytes]) -> None:
        age = time.monotonic() - self._started_at
        if self.plan.is_ready(child.pid) or (self.plan.patience is not None and age > self.plan.patience):
            self.phase = Phase.UP
            verb = "restarted" if self._was_ready else "started"
            say(self.plan.name, f"{verb} in {time.monotonic() - self._started_at:.2f} s {self.plan.where()}".rstrip())
            self._was_ready = True
        elif age > self.plan.ready_seconds:
            say(self.plan.name, f"does not answer after {self.plan.ready_seconds:.0f} s: killed")
            child.kill()

    def _bury(self, child: subprocess.Popen[bytes]) -> None:
        code = self._forget(child)
        cause = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        if time.monotonic() - self._started_at > self.plan.calm_seconds:
            self._deaths = 0
        wait = self.plan.back_off[min(self._deaths, len(self.plan.back_off) - 1)]
        self._deaths += 1
        self._on_change()
        if not self._was_ready and self._deaths >= self.plan.first_lives:
            raise StackError(f"{self.plan.name} does not start ({cause}); see {self._log}{self.tail()}")
        own_doing = code > 0 or -code == signal.SIGABRT  # it has said why, unlike one that was killed
        say(self.plan.name, f"ended ({cause}): starting it again in {wait} s{self.tail() if own_doing else ''}")
        self._next_start = time.monotonic() + wait

    def _forget(self, child: subprocess.Popen[bytes]) -> int:
        code = reap_group(child)
        self._child, self.identity, self.phase = None, None, Phase.DOWN
        return code
