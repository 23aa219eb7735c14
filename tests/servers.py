"""A pytest plugin: real PostgreSQL, Valkey and broker for one test run, gone when it ends.

Loaded with `-p tests.servers`, it has the servers up and their URLs in the environment before pytest-django reads the
settings. URLs that are already in the environment are used instead, one by one. Under xdist the controller starts the
servers; each worker gets three Redis databases of its own (engine, cache, Celery).
"""

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from altis.devstack.config import ServerSettings, from_environment
from altis.devstack.errors import AlreadyRunning
from altis.devstack.keys import fresh_secrets
from altis.devstack.stack import Services
from altis.devstack.state import StateFolder, temporary_root

_PREFIX = "altis-tests-"
_STALE_SECONDS = 600
_DATABASES_PER_WORKER = 3


@dataclass
class _Run:
    services: Services
    folder: Path
    pid: int


_runs: list[_Run] = []  # at most one; a module of hooks has nowhere else to keep it


def start_for_tests(config: pytest.Config) -> None:
    """Start the servers, or, in an xdist worker, share the controller's. Safe to call twice."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None and not _runs:
        _start()
    _share_redis(0 if worker is None else int(worker.removeprefix("gw")) + 1)


def stop_for_tests(config: pytest.Config) -> None:
    """Stop what `start_for_tests` started in this process, and remove its folder."""
    _stop()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Before pytest-django's own hook of this name, which reads the settings."""
    if not (early_config.known_args_namespace.help or early_config.known_args_namespace.version):
        start_for_tests(early_config)
    return (yield)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also after Ctrl-C."""
    stop_for_tests(config)


def _start() -> None:
    wanted = from_environment(os.environ)
    remove_stale_folders()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=temporary_root()))
    folder.chmod(0o711)  # the servers' account passes through
    bounds = wanted.servers
    settings = ServerSettings(
        shared_buffers=bounds.shared_buffers,
        redis_maxmemory=bounds.redis_maxmemory,
        kafka_max_memory=bounds.kafka_max_memory,
        durable=False,
    )
    run = _Run(Services(StateFolder(folder), settings), folder, os.getpid())
    _runs.append(run)
    atexit.register(_stop)
    try:
        run.services.take(0)
        os.environ.update(run.services.start(wanted.given_urls))
    except BaseException:
        _stop()
        raise
    for name, value in {"ALTIS_ENV": "test", **fresh_secrets()}.items():
        os.environ.setdefault(name, value)


def _stop() -> None:
    while _runs and _runs[0].pid == os.getpid():  # a forked child must not stop its parent's servers
        run = _runs.pop()
        run.services.stop()
        shutil.rmtree(run.folder, ignore_errors=True)


def _share_redis(index: int) -> None:
    """Give process `index` (0: no xdist, or the controller) its own three databases of the Redis server."""
    server, _, number = os.environ["REDIS_URL"].rpartition("/")
    if index and number.isdigit():
        number = str(int(number) + index * _DATABASES_PER_WORKER)
    for offset, name in enumerate(("REDIS_URL", "ALTIS_CACHE_URL", "CELERY_BROKER_URL")):
        os.environ[name] = f"{server}/{int(number) + offset}"


def remove_stale_folders() -> None:
    """Folders of runs that were killed: old enough, ours, and nobody holds their lock."""
    for folder in temporary_root().glob(f"{_PREFIX}*"):
        found = folder.lstat()
        if found.st_uid != os.geteuid() or time.time() - found.st_mtime < _STALE_SECONDS:
            continue
        state = StateFolder(folder)
        try:
            state.take(0)
        except (AlreadyRunning, OSError):
            continue
        shutil.rmtree(folder, ignore_errors=True)
        state.release()
