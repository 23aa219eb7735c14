"""Signals to the rig's own processes."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from altis.devstack.process import Identity, identity
from bench.torture.processes import Freezer, children, family, send
from tests.devstack.stacks import until


@pytest.fixture
def shell() -> Iterator[subprocess.Popen[bytes]]:
    """A parent with one child."""
    with subprocess.Popen(["/bin/sh", "-c", "sleep 60 & wait"], start_new_session=True) as process:
        assert until(lambda: len(children(process.pid)) == 1)
        yield process
        for member in reversed(family(process.pid)):
            send(member, signal.SIGKILL)


def _state(process: Identity) -> str:
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_number_with_a_new_owner_is_not_hit(shell: subprocess.Popen[bytes]) -> None:
    now = identity(shell.pid)
    assert now is not None
    former = Identity(now.pid, now.started - 1)

    assert send(former, signal.SIGKILL) is False

    assert identity(shell.pid) == now


def test_process_that_is_ours_is_hit(shell: subprocess.Popen[bytes]) -> None:
    (child,) = children(shell.pid)

    assert send(child, signal.SIGKILL) is True

    assert until(lambda: identity(child.pid) is None)
    assert send(child, signal.SIGKILL) is False


def test_family_is_frozen_parents_first_and_thawed_whole(shell: subprocess.Popen[bytes]) -> None:
    freezer, members = Freezer(), family(shell.pid)
    assert [member.pid for member in members] == [shell.pid, children(shell.pid)[0].pid]

    assert freezer.freeze("it", shell.pid) == 2
    assert until(lambda: [_state(member) for member in members] == ["T", "T"])
    freezer.thaw_all()

    assert until(lambda: "T" not in [_state(member) for member in members])
