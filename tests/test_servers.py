"""The servers of a test run: each process of it has Redis databases of its own, and a killed run is cleared up."""

import os
import tempfile
import time
from pathlib import Path

import pytest

from altis.devstack.state import StateFolder, temporary_root
from tests import servers


@pytest.fixture
def redis_urls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The variables that a process shares out, restored afterwards."""
    names = ["REDIS_URL", "ALTIS_CACHE_URL", "CELERY_BROKER_URL"]
    for name in names:
        monkeypatch.setenv(name, "redis://somewhere:1/0")
    return names


@pytest.mark.parametrize(("worker", "first"), [("gw0", 3), ("gw1", 6), ("gw12", 39)])
def test_each_worker_has_three_databases(
    redis_urls: list[str], monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config, worker: str, first: int
) -> None:
    monkeypatch.setenv("PYTEST_XDIST_WORKER", worker)

    servers.start_for_tests(pytestconfig)

    assert [os.environ[name] for name in redis_urls] == [f"redis://somewhere:1/{first + n}" for n in range(3)]


def _folder(age_seconds: float) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="altis-tests-", dir=temporary_root()))
    (folder / "stack.json").touch()
    os.utime(folder, (time.time() - age_seconds,) * 2)
    return folder


def test_folder_of_a_killed_run_is_removed_and_that_of_a_live_one_kept() -> None:
    killed, fresh, live = _folder(3600), _folder(1), _folder(3600)
    state = StateFolder(live)
    state.take(0)
    os.utime(live, (time.time() - 3600,) * 2)

    servers.remove_stale_folders()

    assert [folder.exists() for folder in (killed, fresh, live)] == [False, True, True]
    state.release()
    for folder in (fresh, live):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


@pytest.mark.xdist_group("one")
def test_a_group_stays_on_one_worker(request: pytest.FixtureRequest) -> None:
    """Else each worker starts a stack of its own for a module that needs one."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process needs no groups")

    assert request.node.nodeid.endswith("@one")
