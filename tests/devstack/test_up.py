"""The whole stack as a person runs it: up, a purchase, an accident, and the end."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from altis.devstack import ports
from altis.devstack.config import PROJECT
from altis.devstack.process import is_alive
from altis.devstack.state import running_port, running_urls
from tests.devstack.stacks import RunningStack, state_folder, stopped_after, until

pytestmark = pytest.mark.xdist_group("up")  # one worker, one stack
_READY_SECONDS = 100.0
_OWN_SERVERS = {"DATABASE_URL": "", "REDIS_URL": "", "KAFKA_BOOTSTRAP_SERVERS": "", "ALTIS_CACHE_URL": ""}
_DEVELOPMENT = {**_OWN_SERVERS, "CELERY_BROKER_URL": "", "ALTIS_ENV": "development", "ALTIS_ADMIN_PASSWORD": ""}


@pytest.fixture(scope="module")
def stack() -> Iterator[RunningStack]:
    """One for the module: it takes a while. Its end is a test too."""
    with state_folder() as state:
        environ = {**_DEVELOPMENT, "ALTIS_STATE_DIR": str(state), "PORT": str(ports.free_port())}
        with stopped_after(RunningStack(state, ["manage.py", "up"], environ)) as made:
            made.wait_ready(_READY_SECONDS)
            yield made
            assert made.end(signal.SIGTERM) == 0
            assert made.left_over() == []
            assert running_urls(state) == {}


def _manage(stack: RunningStack, command: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **_DEVELOPMENT, "ALTIS_STATE_DIR": str(stack.state)}
    environ["PORT"] = str(running_port(stack.state))
    words = [sys.executable, "manage.py", command]
    return subprocess.run(words, cwd=PROJECT, env=environ, capture_output=True, text=True, check=False, timeout=60)


def test_ready_line_comes_when_the_api_is_ready(stack: RunningStack) -> None:
    port = running_port(stack.state)

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as reply:
        assert reply.status == 200

    assert until(lambda: f"\nready http://localhost:{port}\n" in stack.text())
    secrets = json.loads((stack.state / "secrets.json").read_text())
    assert f"admin@altis.example  password {secrets['ALTIS_ADMIN_PASSWORD']}" in stack.text()


def test_demonstration_buys_a_trip_on_the_running_stack(stack: RunningStack) -> None:
    done = _manage(stack, "demo")

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"using the stack that runs on port {running_port(stack.state)}" in done.stdout
    assert "is FULFILLED" in done.stdout


@pytest.mark.parametrize("command", ["up", "reset"])
def test_second_stack_on_the_folder_is_refused(stack: RunningStack, command: str) -> None:
    done = _manage(stack, command)

    assert done.returncode == 1
    assert f"already running here: process {stack.process.pid}" in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["gateway", "relay", "api"])
def test_killed_process_is_started_again(stack: RunningStack, name: str) -> None:
    old = stack.server(name)

    os.kill(old.pid, signal.SIGKILL)

    assert until(lambda: not is_alive(old) and name in stack.record()["processes"] and stack.server(name) != old, 30)
    assert until(lambda: f"{name:<9} restarted in" in stack.text(), 60)
