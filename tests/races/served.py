"""The product behind its own application server: real processes, real sockets, on the test's database and Redis."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from altis.devstack.api_server import server_words
from altis.devstack.ports import LOOPBACK, free_port

ROOT = Path(__file__).resolve().parents[2]
BURST = 10  # of every class but `accept`
_READY_SECONDS = 90.0
Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came over the wire; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Served:
    """Where it listens."""

    port: int

    def send(self, method: str, path: str, *, headers: Headers = (), body: bytes = b"") -> Answer:
        """One request on a connection of its own; the headers go out as they are, repeated or not."""
        line = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)
        try:
            line.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                line.putheader(name, value)
            if body:
                line.putheader("Content-Type", "application/json")
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body or None)
            reply = line.getresponse()
            return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            line.close()

    def send_all(self, method: str, path: str, callers: Sequence[Headers], *, body: bytes = b"") -> list[Answer]:
        """The same request by all callers at the same moment, each in a thread of its own and with these headers."""
        barrier = Barrier(len(callers), timeout=30)

        def one(headers: Headers) -> Answer:
            barrier.wait()
            return self.send(method, path, headers=headers, body=body)

        with ThreadPoolExecutor(len(callers)) as pool:
            return list(pool.map(one, callers))


def bearer(token: str) -> tuple[str, str]:
    """The header of a token."""
    return "Authorization", f"Bearer {token}"


@contextmanager
def serving(*, workers: int, **settings: str) -> Iterator[Served]:
    """Granian as `make up` starts it, with these environment variables on top of the tests' own."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": _test_database(),
        "ALTIS_API_WORKERS": str(workers),
        "ALTIS_LOG_LEVEL": "WARNING",
        **settings,
    }
    command = [sys.executable, *server_words(LOOPBACK, port, workers, None, environ=environment)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        served = Served(port)
        _wait(served, process)
        yield served
    finally:
        process.terminate()
        process.wait(20)


def _test_database() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def _wait(served: Served, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _READY_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            if served.send("GET", "/readyz").status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server is not ready: exit code {process.poll()}")
