"""Programs that run to their end as a step of the start-up."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from altis.devstack.errors import StackError, StopRequested
from altis.devstack.interrupt import Interrupt
from altis.devstack.process import RUN_MARK, Command, carriers
from altis.devstack.task import run_task
from tests.devstack.stacks import until

_RUN = "task-test"
MakeCommand = Callable[[str], Command]


@pytest.fixture
def command(tmp_path: Path) -> MakeCommand:
    """A line of shell."""

    def make(script: str) -> Command:
        env = {"PATH": os.defpath, RUN_MARK: _RUN}
        return Command(argv=["/bin/sh", "-c", script], log=tmp_path / "log", cwd=tmp_path, env=env)

    return make


class _StopAfter(Interrupt):
    """Behaves as if a signal came when `file` has been written."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def check(self) -> None:
        if self._file.exists() and self._file.read_text():
            self.signal_name = "SIGTERM"
        super().check()


def test_program_that_ends_well_is_a_step_done(command: MakeCommand, tmp_path: Path) -> None:
    run_task("step", command("echo worked"), Interrupt())

    assert (tmp_path / "log").read_text() == "worked\n"


def test_program_that_fails_is_quoted(command: MakeCommand) -> None:
    with pytest.raises(StackError, match=r"(?s)migrate failed \(exit code 4\).*no such table"):
        run_task("migrate", command("echo no such table; exit 4"), Interrupt())


@pytest.mark.parametrize("trap", ["", "trap '' TERM; "])
def test_signal_ends_the_program_and_its_children(
    command: MakeCommand, tmp_path: Path, trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("altis.devstack.task._STOP_SECONDS", 0.3)
    stubborn = command(f"{trap}sleep 60 & echo begun; wait; sleep 60")

    with pytest.raises(StopRequested, match="SIGTERM during seed"):
        run_task("seed", stubborn, _StopAfter(tmp_path / "log"))

    assert until(lambda: not list(carriers(_RUN)))


def test_signal_that_came_before_starts_nothing(command: MakeCommand, tmp_path: Path) -> None:
    interrupt = Interrupt()
    interrupt.signal_name = signal.SIGINT.name

    with pytest.raises(StopRequested):
        run_task("seed", command("echo begun"), interrupt)

    assert (tmp_path / "log").exists() is False
