"""The API as production starts it, with the lane or without, and what comes over a raw socket."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from altis.devstack.api_server import server_words
from altis.devstack.ports import LOOPBACK, free_port

ROOT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply; names of headers in lower case, values in the order of the wire."""

    status: int
    headers: Mapping[str, list[str]]
    body: bytes


@dataclass(frozen=True, slots=True)
class Server:
    """Where one listens, what it runs as, and where its log is."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def send(self, raw: bytes, *, seconds: float = 15.0) -> list[Reply]:
        """What is answered to these bytes before the connection ends; requests must ask for that themselves."""
        with socket.create_connection((LOOPBACK, self.port), timeout=seconds) as wire:
            told = b""
            try:
                wire.sendall(raw)
                while got := wire.recv(65536):
                    told += got
            except OSError:
                pass  # it has heard enough
        return list(_replies(told, heads_only=raw.startswith(b"HEAD ")))

    def metric(self, name: str) -> float:
        """A sample of /metrics, by its name with its labels; 0 when there is none."""
        [reply] = self.send(b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        found = re.search(rb"^" + re.escape(name.encode()) + rb" (\S+)$", reply.body, flags=re.MULTILINE)
        return float(found[1]) if found else 0.0

    def answers(self) -> bool:
        """Whether it serves."""
        try:
            return self.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")[0].status == 200
        except (OSError, IndexError):
            return False


@contextmanager
def serving(folder: Path, *, target: str = "", **settings: str) -> Iterator[Server]:
    """One worker on the test's database and Redis, with these environment variables; `target` for another program."""
    port, log = free_port(), folder / "api.log"
    environ = {**os.environ, "DATABASE_URL": _database(), "ALTIS_API_WORKERS": "1", **settings}
    environ["ALTIS_STATE_DIR"] = str(folder)
    words = server_words(LOOPBACK, port, 1, None, environ=environ)
    with log.open("wb") as out:
        command = [sys.executable, *words[:-1], target or words[-1]]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=subprocess.STDOUT)
    server, end = Server(port, process, log), time.monotonic() + _READY_SECONDS
    try:
        while not server.answers():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _database() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def _replies(told: bytes, *, heads_only: bool) -> Iterator[Reply]:
    while told.startswith(b"HTTP/1."):
        head, _, told = told.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers.setdefault(name.lower(), []).append(value)
        status, body = int(first.split(" ")[1]), b""
        if "chunked" in headers.get("transfer-encoding", []):
            body, told = _unchunked(told)
        elif not heads_only:
            length = int(headers.get("content-length", ["0"])[0])
            body, told = told[:length], told[length:]
        yield Reply(status, headers, body)


def _unchunked(told: bytes) -> tuple[bytes, bytes]:
    body = b""
    while told:
        size, _, told = told.partition(b"\r\n")
        length = int(size, 16)
        body, told = body + told[:length], told[length + 2 :]
        if length == 0:
            break
    return body, told
