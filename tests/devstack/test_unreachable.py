"""Root's servers run as `nobody`, who cannot go everywhere: programs are copied, data are kept elsewhere."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest

from altis.devstack.account import can_enter, server_account
from altis.devstack.binaries import Source, program
from altis.devstack.config import ServerSettings
from altis.devstack.errors import StackError
from altis.devstack.reset import remove_state
from altis.devstack.stack import Services
from altis.devstack.state import StateFolder, temporary_name, temporary_root
from tests.devstack.stacks import running

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as somebody else")
FAKE = Source(package="fakeserver", distribution="fakeserver", pattern="bin/server", system=("no-such-program-here",))


@pytest.fixture
def closed(state: Path) -> Path:
    """A folder that only we may enter."""
    path = state.with_name("closed")
    path.mkdir(mode=0o700)
    return path


def _install_fake_server(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "fakeserver" / "bin").mkdir(parents=True)
    (site / "fakeserver" / "__init__.py").touch()
    server = site / "fakeserver" / "bin" / "server"
    server.write_text('#!/bin/sh\ncat "$(dirname "$0")/../../fakeserver.libs/library"\n')
    server.chmod(0o700)
    (site / "fakeserver.libs").mkdir()
    (site / "fakeserver.libs" / "library").write_text("found")
    (site / "fakeserver-1.5.dist-info").mkdir()
    (site / "fakeserver-1.5.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: fakeserver\nVersion: 1.5\n"
    )
    monkeypatch.syspath_prepend(str(site))


@needs_root
def test_program_out_of_reach_is_copied_once_with_its_libraries(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install_fake_server(closed, monkeypatch)
    account = server_account()
    assert account is not None
    copies = closed.with_name("copies")

    found = program(FAKE, account=account, copies=copies)
    again = program(FAKE, account=account, copies=copies)

    assert found == again == copies / "fakeserver-1.5" / "fakeserver" / "bin" / "server"
    said = subprocess.run([found], capture_output=True, text=True, check=True, **account.popen_arguments())
    assert said.stdout == "found"


def test_program_within_reach_is_used_in_place(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = state.with_name("site")
    site.mkdir()
    site.chmod(0o755)
    _install_fake_server(site, monkeypatch)
    (site / "fakeserver" / "bin" / "server").chmod(0o755)
    for folder in ("fakeserver", "fakeserver/bin"):
        (site / folder).chmod(0o755)

    found = program(FAKE, account=server_account(), copies=state)

    assert found == site / "fakeserver" / "bin" / "server"
    assert state.exists() is False


def test_program_that_is_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="no program for fakeserver"):
        program(FAKE, account=None, copies=tmp_path)


@needs_root
def test_state_out_of_reach_keeps_its_data_in_the_temporary_folder(closed: Path) -> None:
    wanted = closed / "state"
    elsewhere = temporary_name(wanted, temporary_root())

    with running(wanted, "postgres") as stack:
        with psycopg.connect(stack.url("DATABASE_URL")) as connection:
            connection.execute("CREATE TABLE kept ()")
        assert f"who cannot reach {wanted}: their data go to {elsewhere}" in stack.text()
        assert can_enter(elsewhere / "services", server_account())

    with running(wanted, "postgres") as again, psycopg.connect(again.url("DATABASE_URL")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert remove_state(wanted) == [wanted, elsewhere]


@needs_root
def test_servers_of_a_test_leave_nothing_elsewhere(closed: Path) -> None:
    services = Services(StateFolder(closed), ServerSettings(durable=False))
    services.take(0)
    services.start(only=["broker"])
    elsewhere = temporary_name(closed, temporary_root())
    assert (elsewhere / "services").is_dir()

    services.stop()

    assert elsewhere.exists() is False


@needs_root
def test_data_of_a_deleted_state_are_not_taken_over(closed: Path) -> None:
    wanted = closed / "state"
    with running(wanted, "valkey"):
        pass
    shutil.rmtree(wanted)

    with running(wanted, "valkey") as again:
        assert "belonged to is gone: starting afresh" in again.text()

    remove_state(wanted)
