"""Processes as the kernel knows them: start one that cannot outlive us, recognise it later, end it for certain."""

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from altis.devstack.account import Account

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_POLL_SECONDS = 0.02
RUN_MARK = "ALTIS_STACK_RUN"  # environment variable that every process of a run carries


@dataclass(frozen=True, slots=True)
class Identity:
    """A process for certain: numbers are reused, the pair with the start time (clock ticks since boot) is not."""

    pid: int
    started: int


@dataclass(frozen=True, kw_only=True)
class Command:
    """What to run, as whom, where its output goes, and the signal it gets if we die."""

    argv: list[str]
    log: Path
    cwd: Path
    env: Mapping[str, str]
    account: Account | None = None
    memory_bytes: int | None = None  # limit of the address space
    death_signal: signal.Signals = signal.SIGKILL
    umask: int = field(default=0o077)


def identity(pid: int) -> Identity | None:
    """The process that has this number now; None when there is none or only its zombie is left."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The program's name stands in brackets and may itself hold brackets and blanks.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else Identity(pid, int(fields[19]))


def is_alive(process: Identity) -> bool:
    """Whether exactly this process still runs. A zombie is gone: a lazy PID 1 may reap it seconds later."""
    return identity(process.pid) == process


def spawn(command: Command) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own. Call it from the main thread only.

    The kernel sends `death_signal` when the thread that started the child ends, hence the main thread.
    """
    parent = os.getpid()

    def prepare() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(command.death_signal), 0, 0, 0)
        if os.getppid() != parent:  # we died before the line above
            os._exit(1)
        for signum in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            signal.signal(signum, signal.SIG_DFL)
        if command.memory_bytes:
            resource.setrlimit(resource.RLIMIT_AS, (command.memory_bytes, command.memory_bytes))

    with command.log.open("ab") as out:
        return subprocess.Popen(
            command.argv,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=command.cwd,
            env=dict(command.env),
            start_new_session=True,
            umask=command.umask,
            preexec_fn=prepare,  # noqa: PLW1509 - no threads here, and a wrapper would hide the server's pid
            **(command.account.popen_arguments() if command.account else {}),
        )


def has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether the child has ended, leaving its zombie in place: its number stays ours for `reap_group`."""
    if child.returncode is not None:
        return True
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def reap_group(child: subprocess.Popen[bytes]) -> int:
    """Kill what an ended child left in its process group, then reap it. Returns its exit code (-N: by signal N)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    return child.wait()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll `condition` until it is true or the time is over; the last answer."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def end_orphan(process: Identity, signum: signal.Signals, seconds: float) -> None:
    """End a process that is not our child: ask with `signum`, insist with SIGKILL after `seconds`."""
    for attempt in (signum, signal.SIGKILL):
        if not is_alive(process):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, attempt)
        wait_until(lambda: not is_alive(process), seconds)


def carriers(run: str) -> Iterator[Identity]:
    """Every process that carries the mark of this run, ourselves excepted."""
    mark = f"{RUN_MARK}={run}".encode()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            found = identity(int(entry.name))
            if found and mark in (entry / "environ").read_bytes().split(b"\0"):
                yield found
