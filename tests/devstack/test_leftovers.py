"""Clearing up after a run that was killed."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from altis.devstack.leftovers import clear_leftovers
from altis.devstack.process import RUN_MARK, Command, Identity, carriers, identity, reap_group, spawn

_RUN = f"leftovers-test-{os.getpid()}"  # the workers of a test run must not find each other's


@pytest.fixture
def family(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the killed run, and its child, which is in no record."""
    env = {"PATH": os.defpath, RUN_MARK: _RUN}
    child = spawn(Command(argv=["/bin/sh", "-c", "sleep 60 & wait"], log=tmp_path / "log", cwd=tmp_path, env=env))
    yield child
    child.kill()
    reap_group(child)


def _record(process: Identity) -> dict[str, object]:
    entry = {"pid": process.pid, "started": process.started, "signal": "SIGTERM"}
    return {"run": _RUN, "processes": {"api": entry}}


def test_recorded_process_and_its_children_are_ended(family: subprocess.Popen[bytes]) -> None:
    process = identity(family.pid)
    assert process is not None

    clear_leftovers(_record(process))

    assert identity(family.pid) is None
    assert list(carriers(_RUN)) == []


def test_new_owner_of_a_recorded_number_is_spared(family: subprocess.Popen[bytes]) -> None:
    process = identity(family.pid)
    assert process is not None
    other_start = Identity(process.pid, process.started - 1)

    clear_leftovers({**_record(other_start), "run": "another run"})

    assert identity(family.pid) == process


@pytest.mark.parametrize("record", [{}, {"processes": {"api": {}}}, {"processes": {"api": {"pid": "x"}}, "run": ""}])
def test_record_without_processes_is_nothing_to_do(record: dict[str, object]) -> None:
    assert clear_leftovers(record) == 0
