"""The customers as one thing that is started, watched and stopped."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from altis.devstack.config import PROJECT
from altis.devstack.process import Command, has_ended, reap_group, spawn
from bench.torture.market import survey

_READY_SECONDS = 120.0
_STOP_SECONDS = 20.0  # the longest time-out of one request, with room
_LOOK_SECONDS = 0.1


class LoadFailed(Exception):
    """The customers' own program failed; the text says where its log is."""


class Load:
    """Processes of customers, apart from the caller's. Main thread only, since they end with the thread."""

    def __init__(
        self, api_url: str, folder: Path, seed: int, *, database_url: str, processes: int = 2, customers: int = 10
    ) -> None:
        """`customers` is per process. What they may buy is read from the database once."""
        self.histories = [folder / f"customers-{number}.jsonl" for number in range(processes)]
        self._url, self._folder, self._seed = api_url, folder, seed
        self._database_url, self._customers = database_url, customers
        self._children: list[subprocess.Popen[bytes]] = []

    def start(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Registered and shopping when this returns; raises LoadFailed. `meanwhile` is called while it waits."""
        self._folder.mkdir(parents=True, exist_ok=True)
        market = self._folder / "market.json"
        survey(self._database_url).write(market)
        self._children = [spawn(self._command(number, market)) for number in range(len(self.histories))]
        end = time.monotonic() + _READY_SECONDS
        while not all(history.with_suffix(".ready").exists() for history in self.histories):
            self.check()
            if time.monotonic() > end:
                raise LoadFailed(f"the customers are not ready after {_READY_SECONDS:.0f} s; see {self._log}")
            meanwhile()
            time.sleep(_LOOK_SECONDS)

    def check(self) -> None:
        """Raises LoadFailed when a process has ended by itself."""
        if any(has_ended(child) for child in self._children):
            raise LoadFailed(f"a process of customers has ended; see {self._log}")

    def dismiss(self) -> None:
        """Ask everybody to come home after the request under way; `stop` waits for them."""
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                child.terminate()

    def stop(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Wait until all have come home; kill who does not, and raise LoadFailed. Safe to call twice."""
        self.dismiss()
        children, self._children = self._children, []
        end = time.monotonic() + _STOP_SECONDS
        while any(not has_ended(child) for child in children) and time.monotonic() < end:
            meanwhile()
            time.sleep(_LOOK_SECONDS)
        for child in children:
            if not has_ended(child):
                child.kill()
        codes = [reap_group(child) for child in children]
        if any(codes):
            raise LoadFailed(f"customers ended with {codes}; see {self._log}")

    @property
    def _log(self) -> Path:
        return self._folder / "customers.log"

    def _command(self, number: int, market: Path) -> Command:
        options = {
            "--url": self._url,
            "--market": str(market),
            "--history": str(self.histories[number]),
            "--number": str(number),
            "--customers": str(self._customers),
            "--seed": str(self._seed),
        }
        words = [word for pair in options.items() for word in pair]
        return Command(
            argv=[sys.executable, "-m", "bench.torture.customers", *words],
            log=self._log,
            cwd=PROJECT,
            env=dict(os.environ),
        )
