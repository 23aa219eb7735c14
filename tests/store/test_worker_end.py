"""A worker that breaks while a task is stuck ends all the same, and its child with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from celery import Celery
from celery.signals import worker_ready
from django.conf import settings
from redis import Redis

from altis.celery import app
from altis.shared.ids import new_id
from altis.store import worker_end
from tests.payments.simulators import wait_until

ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (
    "celery -A tests.store.stuck_worker worker --concurrency 1 --without-gossip --without-mingle --loglevel ERROR"
)


@contextmanager
def stuck_worker(name: str, *, watched: bool) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A worker whose only child is in a task without end; the child's process id."""
    about = {"STUCK_URL": settings.CELERY_BROKER_URL, "STUCK_NAME": name, "STUCK_WATCHED": "yes" if watched else "no"}
    redis = Redis.from_url(settings.CELERY_BROKER_URL)
    process = subprocess.Popen(
        [sys.executable, "-m", *_COMMAND.split()], cwd=ROOT, env={**os.environ, **about}, stderr=subprocess.DEVNULL
    )
    pids = [process.pid]
    try:
        Celery(broker=settings.CELERY_BROKER_URL).send_task("stuck.wait", queue=name)
        pids.append(int(wait_until(lambda: redis.get(f"{name}.child"), seconds=60)))
        yield process, pids[-1]
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        redis.delete(name, f"{name}.child", f"_kombu.binding.{name}", "unacked", "unacked_index")
        redis.close()


@pytest.fixture
def name() -> str:
    return new_id("evt")


def _break(name: str) -> None:
    """What the transport cannot read is an error of the worker's own."""
    with Redis.from_url(settings.CELERY_BROKER_URL) as redis:
        redis.lpush(name, "no message")


def test_a_broken_worker_ends_although_its_task_does_not(name: str) -> None:
    with stuck_worker(name, watched=True) as (process, child):
        _break(name)

        assert process.wait(timeout=30) == 1
        wait_until(lambda: not Path(f"/proc/{child}").exists())


def test_a_worker_that_is_asked_to_end_does_so_although_its_task_does_not(name: str) -> None:
    with stuck_worker(name, watched=True) as (process, child):
        process.terminate()

        assert process.wait(timeout=30) == 1
        wait_until(lambda: not Path(f"/proc/{child}").exists())


def test_without_the_watch_a_broken_worker_stays_for_ever(name: str) -> None:
    with stuck_worker(name, watched=False) as (process, _):
        _break(name)

        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=5)


def test_every_worker_of_this_app_is_watched() -> None:
    watching = [receiver() for _, receiver in worker_ready.receivers]

    assert app.main == "altis"
    assert worker_end.watch in watching
