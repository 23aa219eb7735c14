"""A whole stack of real processes on a free port, with demo data and one member of staff per role."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from altis.devstack import ports
from altis.devstack.config import PROJECT
from altis.devstack.state import running_port, running_urls, temporary_root

_START_SECONDS, _STOP_SECONDS, _PREPARE_SECONDS = 600.0, 60.0, 600.0
_SETTINGS = {
    "ALTIS_RATE_LIMITS": "off",
    "ALTIS_OPEN_HOLDS": "off",
    "ALTIS_LOGIN_FAILURES": "off",
    "ALTIS_LOG_LEVEL": "WARNING",
    "ALTIS_API_WORKERS": "1",
    "ALTIS_EMAIL_URL": "dummymail://",
}


class StackDown(Exception):
    """The stack did not start, or its data could not be made; the message has the last lines of its log."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What `bench.screenshots.prepare` has put on the stage."""

    accounts: Mapping[str, tuple[str, str]]  # e-mail address and password, by role
    orders: Mapping[str, str]  # references by what they are there for
    facts: Mapping[str, str]  # ids and names that tests look for


class Stack:
    """`with Stack() as stack:`; servers whose URLs are in the environment are used, others are started."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="altis-browser-", dir=temporary_root())
        self.folder = Path(self._folder.name)
        self.folder.chmod(0o711)  # the servers' account must pass through
        self.port = ports.free_port()
        self.url = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Stack":
        try:
            self._start()
            self.scene = self._prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Every process, then the folder."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self._folder.cleanup()

    @property
    def environment(self) -> dict[str, str]:
        """Of a command beside the stack."""
        own = {"PORT": str(self.port), "ALTIS_STATE_DIR": str(self.folder)}
        return {"ALTIS_ENV": "test", **os.environ, **_SETTINGS, **own, **running_urls(self.folder)}

    @property
    def database_url(self) -> str:
        """Of its PostgreSQL."""
        return self.environment["DATABASE_URL"]

    @property
    def redis_url(self) -> str:
        """Of its Redis."""
        return self.environment["REDIS_URL"]

    @property
    def gateway_ledger(self) -> Path:
        """The file in which the simulated gateway keeps its own books."""
        return next(self.folder.rglob("ledger.sqlite3"))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What its PostgreSQL answers; nothing of a statement that returns no rows."""
        with psycopg.connect(self.database_url) as session:
            cursor = session.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def _start(self) -> None:
        with (self.folder / "up.log").open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone: we end it when nobody looks at it any more
            )
        end = time.monotonic() + _START_SECONDS
        while running_port(self.folder) != self.port:
            if self._process.poll() is not None or time.monotonic() > end:
                raise StackDown(f"The stack did not start:\n{self._last_lines()}")
            time.sleep(0.2)

    def _prepare(self) -> Scene:
        told = self._run(["-m", "bench.screenshots.prepare"])
        return Scene(**json.loads(told.splitlines()[-1]))

    def _run(self, words: list[str]) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=_PREPARE_SECONDS,
            check=False,
        )
        if done.returncode:
            raise StackDown(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _last_lines(self) -> str:
        return "\n".join((self.folder / "up.log").read_text(errors="replace").splitlines()[-20:])
