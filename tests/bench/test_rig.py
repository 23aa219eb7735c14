"""The rig: whatever happens, it leaves nothing behind."""

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from altis.devstack.errors import StackError, StopRequested
from altis.devstack.process import carriers
from bench.torture import ground
from bench.torture.rig import Rig
from tests.devstack.stacks import state_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that the servers' account may enter."""
    with state_folder() as path:
        yield path


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "proxies"]


def test_interrupted_start_leaves_nothing_behind(folder: Path) -> None:
    handler, rig = signal.getsignal(signal.SIGINT), Rig(folder, seed=1)
    rig.interrupt.signal_name = "SIGINT"

    with pytest.raises(StopRequested, match="SIGINT"):
        rig.start()
    rig.stop()

    assert list(carriers(rig.ground.services.run)) == []
    assert _threads() == []
    assert signal.getsignal(signal.SIGINT) is handler


def test_failed_start_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground.Season, "words", lambda self: ["no number of days"])
    rig = Rig(folder, seed=1)

    with pytest.raises(StackError, match="prepare failed"):
        rig.start()
    rig.stop()

    assert list(carriers(rig.ground.services.run)) == []
    assert not (folder / "services").exists()
    assert (folder / "logs" / "prepare.log").exists()


def test_rig_that_was_never_started_can_be_stopped_twice(folder: Path) -> None:
    rig = Rig(folder, seed=1)

    rig.stop()
    rig.stop()

    assert _threads() == []


def test_units_that_it_does_not_have_are_down(folder: Path) -> None:
    rig = Rig(folder, seed=1)

    assert (rig.pid("postgres"), rig.pid("nobody"), rig.api_workers()) == (None, None, [])

    rig.stop()
