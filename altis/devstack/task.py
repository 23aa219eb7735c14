"""A program that runs to its end as a step of the start-up, and is ended with us when a stop signal comes."""

import subprocess
from pathlib import Path

from altis.devstack.errors import StackError, StopRequested
from altis.devstack.interrupt import Interrupt
from altis.devstack.process import Command, has_ended, reap_group, spawn, wait_until

_STOP_SECONDS = 3.0
_TAIL_LINES = 25


def run_task(name: str, command: Command, interrupt: Interrupt) -> None:
    """Run `command` to its end. Raises StackError with the end of its log, or StopRequested after stopping it."""
    interrupt.check()
    child = spawn(command)
    try:
        while not has_ended(child):
            interrupt.pause(0.02)
    except BaseException as reason:
        _stop(child)
        if isinstance(reason, StopRequested):
            raise StopRequested(f"{reason} during {name}") from None
        raise
    code = reap_group(child)
    if code != 0:
        raise StackError(f"{name} failed (exit code {code}); see {command.log}\n{tail(command.log)}")


def tail(log: Path) -> str:
    """The last lines of a log, for a person."""
    lines = log.read_text(errors="replace").splitlines()[-_TAIL_LINES:] if log.exists() else []
    return "\n".join(f"    {line}" for line in lines)


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    if not wait_until(lambda: has_ended(child), _STOP_SECONDS):
        child.kill()
    reap_group(child)
