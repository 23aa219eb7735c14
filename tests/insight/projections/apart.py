"""Two databases, one to sell from and one for the figures, with a broker, and consumers as processes."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psycopg
from django.conf import settings

from altis.devstack.config import PROJECT
from altis.shared.ids import new_id
from tests.insight.projections.events import NOON, Told

_INSERT = """
INSERT INTO store_outboxevent (id, topic, type, subject, sequence, payload, headers, created_at, published_at, error)
VALUES (%s, %s, %s, %s, %s, %s, '{}', %s, %s, '')
"""


class Apart:
    """Both databases are on the server of the tests."""

    def __init__(self, server: str, log: Path) -> None:
        mark = new_id("x")[-12:]
        self._server, self._log = server, log
        self.sales, self.figures = f"sales_{mark}", f"figures_{mark}"
        self._processes: list[subprocess.Popen[bytes]] = []

    def manage(self, *words: str, **environ: str) -> str:
        """What a management command prints."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=PROJECT,
            env={**self._environ, **environ},
            capture_output=True,
            text=True,
            check=False,
            timeout=90,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def consumer(self) -> subprocess.Popen[bytes]:
        """A consumer that runs until it is ended."""
        words = [sys.executable, "manage.py", "consume_events"]
        environ = {**self._environ, "KAFKA_BOOTSTRAP_SERVERS": settings.KAFKA_BOOTSTRAP_SERVERS}
        with self._log.open("ab") as log:
            process = subprocess.Popen(words, cwd=PROJECT, env=environ, stderr=log)
        self._processes.append(process)
        return process

    def end_consumers(self) -> None:
        """Kill what still runs."""
        for process in self._processes:
            process.kill()
            process.wait()

    def tables(self, database: str) -> set[str]:
        """The names of its tables."""
        rows = self.ask(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in rows}

    def keep(self, told: Sequence[Told]) -> None:
        """Published rows of the outbox."""
        rows = [
            (one.id, one.topic, one.type, one.subject, one.sequence, orjson.dumps(one.data).decode(), one.at, NOON)
            for one in told
        ]
        with psycopg.connect(f"{self._server}/{self.sales}") as connection:
            connection.cursor().executemany(_INSERT, rows)

    def ask(self, database: str, sql: str) -> list[tuple[Any, ...]]:
        """One statement, on a connection of its own."""
        with psycopg.connect(f"{self._server}/{database}", autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    @property
    def _environ(self) -> dict[str, str]:
        urls = {name: f"{self._server}/{base}" for name, base in zip(_URLS, (self.sales, self.figures), strict=True)}
        return {**os.environ, **urls, "ALTIS_ENV": "test"}


_URLS = ("DATABASE_URL", "ANALYTICS_DATABASE_URL")


@contextmanager
def two_databases(log: Path) -> Iterator[Apart]:
    """Made, empty, and dropped at the end."""
    default = settings.DATABASES["default"]
    secret = f":{default['PASSWORD']}" if default["PASSWORD"] else ""
    server = f"postgresql://{default['USER']}{secret}@{default['HOST']}:{default['PORT']}"
    apart = Apart(server, log)
    for name in (apart.sales, apart.figures):
        apart.ask("postgres", f"CREATE DATABASE {name}")
    try:
        yield apart
    finally:
        apart.end_consumers()
        for name in (apart.sales, apart.figures):
            apart.ask("postgres", f"DROP DATABASE {name} WITH (FORCE)")
