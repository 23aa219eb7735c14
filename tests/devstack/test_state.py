"""The lock, the record, and where a state folder lies."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from altis.devstack.errors import AlreadyRunning, StackError
from altis.devstack.process import identity
from altis.devstack.state import (
    StateFolder,
    open_state,
    private_temporary,
    running_port,
    running_urls,
    temporary_name,
    write_private,
)


def test_second_stack_on_a_folder_is_told_who_holds_it(tmp_path: Path) -> None:
    first = StateFolder(tmp_path)
    first.take(8085)

    with pytest.raises(AlreadyRunning, match=rf"process {os.getpid()} on port 8085"):
        StateFolder(tmp_path).take(9000)

    assert (tmp_path / "lock").read_text() == f"{os.getpid()} 8085"
    first.release()


def test_lock_of_a_killed_holder_is_free(tmp_path: Path) -> None:
    script = "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True)"
    words = [sys.executable, "-c", f"{script}; time.sleep(60)", str(tmp_path / "lock")]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)

    folder = StateFolder(tmp_path)
    folder.take(8080)

    with (tmp_path / "lock").open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    folder.release()


def test_private_files_are_for_their_owner_alone_and_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    write_private(file, "a long first text")

    write_private(file, "short")

    assert file.read_text() == "short"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_environment_of_a_live_stack_is_found(tmp_path: Path) -> None:
    me = identity(os.getpid())
    assert me is not None
    record = {"supervisor": {"pid": me.pid, "started": me.started}, "environment": {"REDIS_URL": "redis://x"}}

    StateFolder(tmp_path).write({**record, "port": 8081, "ready": True})

    assert running_urls(tmp_path) == {"REDIS_URL": "redis://x"}
    assert running_port(tmp_path) == 8081


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "{}",
        '{"supervisor": {}}',
        '{"supervisor": {"pid": 1, "started": 1}, "environment": {"REDIS_URL": "x"}, "ready": true}',
        '{"supervisor": {"pid": "a"}, "environment": 3}',
    ],
)
def test_record_of_a_dead_stack_or_rubbish_is_no_stack(tmp_path: Path, content: str) -> None:
    (tmp_path / "stack.json").write_text(content)

    assert running_urls(tmp_path) == {}
    assert running_port(tmp_path) is None


def test_no_folder_is_no_stack(tmp_path: Path) -> None:
    assert running_urls(tmp_path / "nowhere") == {}
    assert running_port(tmp_path / "nowhere") is None


def test_folder_that_cannot_be_written_gives_way_to_a_temporary_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o711)
    wanted = Path("/proc/altis")

    state = open_state(wanted)

    assert state.path.name == temporary_name(wanted).name
    assert state.path.stat().st_uid == os.geteuid()
    assert f"/proc/altis is not writable for this user: using {state.path}" in capsys.readouterr().out
    state.path.rmdir()


def test_temporary_folder_planted_by_somebody_is_refused(state: Path) -> None:
    planted = private_temporary(state)
    planted.rmdir()
    planted.symlink_to("/etc")

    with pytest.raises(StackError, match="belongs to somebody else"):
        private_temporary(state)

    planted.unlink()


def test_identifier_changes_when_the_folder_is_made_anew(tmp_path: Path) -> None:
    folder = StateFolder(tmp_path)
    first = folder.identifier()
    assert folder.identifier() == first

    (tmp_path / "id").unlink()

    assert folder.identifier() != first


def test_record_is_readable_json_for_its_owner_alone(tmp_path: Path) -> None:
    StateFolder(tmp_path).write({"port": 1})

    file = tmp_path / "stack.json"
    assert json.loads(file.read_text()) == {"port": 1}
    assert file.stat().st_mode & 0o777 == 0o600
