"""Processes: recognised, tied to us, ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from altis.devstack.process import (
    RUN_MARK,
    Command,
    carriers,
    end_orphan,
    has_ended,
    identity,
    is_alive,
    reap_group,
    spawn,
)
from tests.devstack.stacks import until

_PARENT = """
import sys, time
from pathlib import Path
from altis.devstack.process import Command, spawn
child = spawn(Command(argv=["/bin/sleep", "60"], log=Path(sys.argv[1]), cwd=Path("/"), env={}))
print(child.pid, flush=True)
time.sleep(60)
"""


def _command(tmp_path: Path, script: str, run: str = "none") -> Command:
    env = {"PATH": os.defpath, RUN_MARK: run}
    return Command(argv=["/bin/sh", "-c", script], log=tmp_path / "log", cwd=tmp_path, env=env)


def test_zombie_is_gone_though_its_number_is_still_taken(tmp_path: Path) -> None:
    child = spawn(_command(tmp_path, "exit 3"))

    assert until(lambda: has_ended(child))

    assert identity(child.pid) is None
    assert reap_group(child) == 3


def test_same_number_with_another_start_is_another_process() -> None:
    me = identity(os.getpid())
    assert me is not None

    assert is_alive(me) is True
    assert is_alive(type(me)(me.pid, me.started + 1)) is False


def test_child_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    words = [sys.executable, "-c", _PARENT, str(tmp_path / "log")]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = identity(int(parent.stdout.readline()))
        assert child is not None

        parent.kill()

    assert until(lambda: not is_alive(child))


def test_what_a_child_left_in_its_group_is_killed(tmp_path: Path) -> None:
    child = spawn(_command(tmp_path, "sleep 61 & exit 0", run="group-test"))
    assert until(lambda: has_ended(child))
    assert len(list(carriers("group-test"))) == 1

    reap_group(child)

    assert until(lambda: not list(carriers("group-test")))


def test_orphan_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    child = spawn(_command(tmp_path, "trap '' TERM; echo set; while :; do sleep 0.1; done"))
    assert until(lambda: (tmp_path / "log").read_text() == "set\n")
    process = identity(child.pid)
    assert process is not None

    end_orphan(process, signal.SIGTERM, 0.3)

    assert is_alive(process) is False
    assert reap_group(child) == -signal.SIGKILL
