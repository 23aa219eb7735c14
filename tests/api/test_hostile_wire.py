"""The same against the real server: what only sockets can send, and how much memory the whole table leaves behind."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from django.db import connection

from altis.accounts.models import User
from altis.accounts.tokens import issue_for, issue_guest
from altis.devstack import ports
from altis.devstack.api_server import server_words
from tests.api.hostile.attack import Attack
from tests.api.hostile.table import refused
from tests.api.hostile.wire import Raw, rows
from tests.api.matrix import PASSWORD
from tests.api.matrix_table import TABLE
from tests.api.test_hostile import SHAPE
from tests.factories import make_airport
from tests.payments.simulators import ROOT, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("hostile_wire")]
ROUNDS, MOST_GROWTH_KB = 20, 50 * 1024
_STEP = 12  # every twelfth attack of the table: the rest differ in values, not in what the server does with them


@dataclass(frozen=True, slots=True)
class Server:
    """One granian with one worker."""

    port: int
    process: subprocess.Popen[bytes]

    def workers(self) -> list[int]:
        """The processes below it."""
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in told.split()]

    def resident_kb(self) -> int:
        """The memory that its workers have at present."""
        texts = [Path(f"/proc/{pid}/status").read_text() for pid in self.workers()]
        return sum(int(found[1]) for text in texts if (found := re.search(r"VmRSS:\s+(\d+)", text)))

    def answers(self) -> bool:
        """Whether it serves."""
        try:
            return self.send(b"GET /healthz HTTP/1.0\r\nHost: altis.example\r\n\r\n")[0] == 200
        except OSError:
            return False

    def send(self, raw: bytes, *, hang_up: bool = False, seconds: float = 20.0) -> tuple[int, bytes]:
        """The first status and everything behind the headers; 0 when the server hangs up without a word."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as wire:
            told = b""
            try:
                wire.sendall(raw)
                if hang_up:
                    wire.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has heard enough; its answer may still be there
            try:
                while got := wire.recv(65536):
                    told += got
            except ConnectionError:
                pass
        head, _, body = told.partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]) if head else 0, body


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The API as production starts it, on this test run's database."""
    folder, port = tmp_path_factory.mktemp("wire"), ports.free_port()
    # The plugin's address of the server, and the name that pytest-django gave its database
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    url = f"{base}/{connection.settings_dict['NAME']}"
    more = {"DATABASE_URL": url, "ALTIS_RATE_LIMITS": "off", "ALTIS_LOGIN_FAILURES": "off", "ALTIS_LOG_LEVEL": "ERROR"}
    with (folder / "api.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *server_words("127.0.0.1", port, 1, None)],
            cwd=ROOT,
            env={**os.environ, **more, "ALTIS_STATE_DIR": str(folder)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    running = Server(port, process)
    try:
        wait_until(running.answers, 60)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@pytest.fixture
def token() -> str:
    for code in ("LHR", "JFK"):
        make_airport(code)
    return issue_for(User.objects.create_user("owner@example.com", PASSWORD)).access


def _fault(one: Raw, status: int, body: bytes) -> str:
    if status != one.status:
        return f"{one.name}: {status} instead of {one.status}: {body[:200]!r}"
    if one.code:
        said = orjson.loads(body[body.find(b"{") : body.rfind(b"}") + 1])  # the reply comes in chunks
        return "" if (said["code"], set(said) - {"errors"}) == (one.code, SHAPE) else f"{one.name}: {said}"
    return ""


def test_what_only_a_socket_can_send_is_refused(server: Server) -> None:
    found = [_fault(one, *server.send(one.sent)) for one in rows(issue_guest().access.encode())]

    assert "\n".join(filter(None, found)) == ""
    assert server.answers()


def test_a_body_shorter_than_it_says_ends_with_its_connection(server: Server) -> None:
    head = b"POST /v1/auth/guest HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"

    statuses = [server.send(head, hang_up=True)[0] for _ in range(8)]

    assert set(statuses) <= {0, 400}
    assert server.answers()


def test_a_second_request_on_a_refused_connection_is_answered_by_itself(server: Server) -> None:
    wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    statuses = []
    for body in (b"[" * 60_000, b"x" * 70_000, b"{}"):
        wire.request("POST", "/v1/auth/guest", body, {"Content-Type": "application/json"})
        reply = wire.getresponse()
        statuses.append((reply.status, len(reply.read()) > 0, reply.getheader("Server")))
    wire.close()

    assert [status for status, _, _ in statuses] == [400, 413, 201]
    assert all("granian" not in str(name).lower() for _, _, name in statuses)


def _play(server: Server, attacks: list[Attack], token: str, found: list[str]) -> None:
    """Send these on one connection after another's end; note what is answered otherwise than in this process."""
    wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for one in attacks:
        bearer = {"Authorization": f"Bearer {token}"} if TABLE[one.operation].refused == 401 else {}
        wire.request(one.method, one.target, one.body or None, {**bearer, **one.headers})
        reply = wire.getresponse()
        body = reply.read()
        code = orjson.loads(body).get("code") if body else None
        if (reply.status, code) != (one.status, one.code):
            found.append(f"{one}: {reply.status} {code}")
        if reply.will_close:
            wire.close()
    wire.close()


def _sendable(one: Attack) -> bool:
    """What http.client sends as it is: the rest stands in `rows`."""
    values = "".join(one.headers.values())
    return (
        "Content-Length" not in one.headers
        and len(one.headers) < 100  # more are refused by the server itself, without a document
        and one.method != "CONNECT"
        and values.isascii()
        and values.isprintable()
        and one.target.isascii()
        and one.target.isprintable()
        and " " not in one.target
    )


def test_twenty_rounds_of_the_table_leave_no_memory_behind(server: Server, token: str) -> None:
    attacks, found = [one for one in refused() if _sendable(one)][::_STEP], list[str]()

    def rounds(count: int) -> None:
        halves = [attacks[::2] * count, attacks[1::2] * count]
        threads = [threading.Thread(target=_play, args=(server, half, token, found)) for half in halves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    rounds(2)
    before = server.resident_kb()
    rounds(ROUNDS)
    growth = server.resident_kb() - before

    assert "\n".join(sorted(set(found))) == ""
    assert (len(attacks) >= 250, growth < MOST_GROWTH_KB) == (True, True), growth
