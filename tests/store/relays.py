"""A PostgreSQL and a broker of one's own, to be killed and frozen, and relays as processes beside them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from altis.devstack.config import ServerSettings
from altis.devstack.stack import Services
from altis.devstack.state import StateFolder
from altis.store.relay import _LEADER_LOCK

ROOT = Path(__file__).resolve().parents[2]
_INSERT = """
    INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, created_at, error)
    SELECT 'evt_' || left(md5(%(subject)s || '.' || n), 26), 'altis.orders', 'altis.test.noted', %(subject)s, n,
           '{}', '{}', now(), ''
    FROM generate_series(%(first)s::int, %(last)s::int) n
"""
_LEADERS = """
    SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.objid = %s AND l.granted
"""


class Relays:
    """Belongs to the main thread."""

    def __init__(self, folder: Path) -> None:
        self.failpoints = folder / "failpoints.json"
        self.services = Services(StateFolder(folder), ServerSettings(durable=True))
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Servers, and the tables of the store."""
        self.services.take(0)
        self.urls = self.services.start(only=("postgres", "broker"))
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "store", "-v0"], cwd=ROOT, env=self._environ, check=True
        )

    def stop(self) -> None:
        """Everything."""
        self.end_relays()
        self.services.stop()

    def end_relays(self) -> None:
        """Frozen or not, and what they have left undone."""
        while self._processes:
            process = self._processes.pop()
            process.kill()
            process.wait()

    def relay(self, name: str, *, patience: float = 10.0) -> subprocess.Popen[bytes]:
        """A relay process, which PostgreSQL knows by its name; `patience` is its ALTIS_KAFKA_TIMEOUT_SECONDS."""
        words = [sys.executable, "manage.py", "relay_outbox", "--idle", "0.02"]
        environ = {**self._environ, "PGAPPNAME": name, "ALTIS_KAFKA_TIMEOUT_SECONDS": str(patience)}
        process = subprocess.Popen(words, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
        self._processes.append(process)
        return process

    def note(self, subject: str, first: int, last: int) -> None:
        """Events of one aggregate, numbered."""
        self.ask(_INSERT, subject=subject, first=first, last=last)

    def unpublished(self) -> int:
        """How many rows nobody has marked."""
        return int(self.ask("SELECT count(*) FROM store_outboxevent WHERE published_at IS NULL")[0][0])

    def leaders(self) -> list[str]:
        """The names of the relays that have the lock."""
        return [name for (name,) in self.ask(_LEADERS.replace("%s", str(_LEADER_LOCK)))]

    def sessions(self, name: str) -> int:
        """How many sessions PostgreSQL has with a relay."""
        return int(self.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = %(name)s", name=name)[0][0])

    def ask(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """One statement, on a connection of its own."""
        with psycopg.connect(self.urls["DATABASE_URL"], connect_timeout=5) as connection:
            cursor = connection.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []

    def wait(self, look: Callable[[], Any], seconds: float = 40.0) -> float:
        """Keep the servers up until the look is truthy; how long it took. A database that is away is no answer."""
        started = time.monotonic()
        while True:
            self.services.supervisor.tick()
            try:
                if look():
                    return time.monotonic() - started
            except psycopg.OperationalError:
                pass
            assert time.monotonic() - started < seconds, "nothing happened before the deadline"
            time.sleep(0.05)

    def pid(self, server: str) -> int:
        """The number of a server's first process."""
        return int(self.services.supervisor.processes()[server]["pid"])

    def signal_postgres(self, number: signal.Signals) -> None:
        """The postmaster and all its children."""
        postmaster = self.pid("postgres")
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            with suppress(ProcessLookupError):  # one that served its last client just now
                os.kill(pid, number)

    @property
    def _environ(self) -> dict[str, str]:
        return {**os.environ, **self.urls, "ALTIS_FAILPOINTS_FILE": str(self.failpoints)}


@contextmanager
def relays_in(folder: Path) -> Iterator[Relays]:
    """Servers for the block; relays that it started end with it."""
    folder.mkdir(exist_ok=True)
    relays = Relays(folder)
    try:
        relays.start()
        yield relays
    finally:
        relays.stop()
