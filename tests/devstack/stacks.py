"""Stacks for the tests: started as processes, asked what runs, and always stopped."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from altis.devstack.config import PROJECT, SERVICES
from altis.devstack.process import Identity, carriers
from altis.devstack.state import temporary_root

SECONDS = 20.0


def until(condition: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Poll until `condition` holds; False when the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.03)
    return True


@contextlib.contextmanager
def state_folder() -> Iterator[Path]:
    """A folder that the servers' account may enter; pytest's own are closed to it."""
    with tempfile.TemporaryDirectory(prefix="altis-devstack-", dir=temporary_root()) as name:
        Path(name).chmod(0o711)
        yield Path(name) / "state"


class RunningStack:
    """A process that runs a stack, and the record that it writes."""

    def __init__(self, state: Path, words: list[str], environ: Mapping[str, str] | None = None) -> None:
        self.state = state
        self.output = state.with_name("output")
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, *words],
                cwd=PROJECT,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environ or {})},
            )
        self.runs: set[str] = set()

    def is_ready(self) -> bool:
        """Whether it, and not a killed one before it, has said so."""
        record = self.record()
        return bool(record.get("ready")) and record["supervisor"]["pid"] == self.process.pid

    def wait_ready(self, seconds: float = SECONDS) -> None:
        """Fail with its output when it ends instead."""
        assert until(lambda: self.is_ready() or self.process.poll() is not None, seconds), self.text()
        assert self.process.poll() is None, self.text()

    def record(self) -> dict[str, Any]:
        """The record, which also tells which run's mark to look for later."""
        try:
            content: dict[str, Any] = json.loads((self.state / "stack.json").read_text())
        except (FileNotFoundError, PermissionError):
            return {}
        if content.get("run"):
            self.runs.add(content["run"])
        return content

    def server(self, name: str) -> Identity:
        """The process that the record names."""
        entry = self.record()["processes"][name]
        return Identity(entry["pid"], entry["started"])

    def url(self, name: str) -> str:
        """From the record."""
        return str(self.record()["environment"][name])

    def end(self, signum: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        self.record()
        if self.process.poll() is None:
            self.process.send_signal(signum)
        return self.process.wait(SECONDS)

    def left_over(self) -> list[Identity]:
        """Processes that carry the mark of one of its runs."""
        return [found for run in self.runs for found in carriers(run)]

    def text(self) -> str:
        """What it has printed."""
        return self.output.read_text()


def servers_only(state: Path, *only: str) -> RunningStack:
    """A stack of these embedded servers, without the product."""
    return RunningStack(state, ["-m", "tests.devstack.runner", str(state), *(only or tuple(SERVICES))])


@contextlib.contextmanager
def stopped_after(stack: RunningStack) -> Iterator[RunningStack]:
    """Nothing of the stack is left after the block, whatever happens in it."""
    try:
        yield stack
    finally:
        stack.end()
        for found in stack.left_over():
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, signal.SIGKILL)
        assert until(lambda: not stack.left_over())


@contextlib.contextmanager
def running(state: Path, *only: str) -> Iterator[RunningStack]:
    """Embedded servers that answer."""
    with stopped_after(servers_only(state, *only)) as stack:
        stack.wait_ready()
        yield stack
