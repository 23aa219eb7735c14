"""RSGI to WSGI: the environment of PEP 3333, and nothing in it that a header could forge."""

import asyncio
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from altis.lane.bodies import input_of
from altis.lane.bridge import Bridge, environ_of
from altis.lane.threads import Threads


class _Headers:
    """The server's, which says nothing of values that are not ASCII but an empty text."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def keys(self) -> list[str]:
        return list(dict(self._pairs))

    def get_all(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name and value.isascii()]

    def get(self, name: str, default: str) -> str:
        return next(iter(self.get_all(name)), default)

    def __getitem__(self, name: str) -> str:
        first = next(value for key, value in self._pairs if key == name)
        return first if first.isascii() else ""


@dataclass
class _Scope:
    pairs: list[tuple[str, str]] = field(default_factory=list)
    path: str = "/v1/x"
    query_string: str = ""
    method: str = "GET"
    scheme: str = "http"
    http_version: str = "1.1"
    server: str = "[::1]:8080"
    client: str = "192.0.2.1:5000"
    authority: str | None = None

    @property
    def headers(self) -> Any:
        return _Headers(self.pairs)


class _Protocol:
    """One request's: a body in pieces, and what is answered."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces, self.answered = list(pieces), list[Any]()

    async def __call__(self) -> bytes:
        return b"".join(self.pieces)

    def __aiter__(self) -> "_Protocol":
        return self

    async def __anext__(self) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""

    def response_bytes(self, status: int, headers: Any, body: bytes) -> None:
        self.answered.append((status, headers, body))

    def response_stream(self, status: int, headers: Any) -> "_Protocol":
        self.answered.append((status, headers))
        return self

    async def send_bytes(self, chunk: bytes) -> None:
        if chunk == b"gone":
            raise ConnectionError
        self.answered.append(chunk)


def test_headers_are_joined_as_the_server_joins_them() -> None:
    pairs = [("accept", "a"), ("cookie", "a=1"), ("accept", "b"), ("cookie", "b=2"), ("x-name", "é"), ("host", "h")]

    environ = environ_of(_Scope(pairs))

    assert {name: value for name, value in environ.items() if name.startswith("HTTP_")} == {
        "HTTP_ACCEPT": "a,b",
        "HTTP_COOKIE": "a=1;b=2",
        "HTTP_X_NAME": "",
        "HTTP_HOST": "h",
    }


def test_no_header_passes_for_a_variable_or_for_another_header() -> None:
    names = ["x_forwarded_for", "content_length", "remote_addr", "wsgi.input", "path_info", "http_host"]

    environ = environ_of(_Scope([(name, "forged") for name in names]))

    assert [value for value in environ.values() if value == "forged"] == ["forged"]
    assert environ["HTTP_WSGI.INPUT"] == "forged"
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("192.0.2.1", "::1", "8080")


def test_paths_and_queries_are_bytes_in_latin_1() -> None:
    environ = environ_of(_Scope(path="/é/\ufffd", query_string="a=%C3%A9&b=é"))

    assert environ["PATH_INFO"] == "/\xc3\xa9/\xff"
    assert environ["QUERY_STRING"] == "a=%C3%A9&b=\xc3\xa9"


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def _read(loop: asyncio.AbstractEventLoop, protocol: _Protocol, **declared: Any) -> bytes:
    async def play() -> bytes:
        body = await input_of(protocol, **{"length": None, "chunked": False, "most": 10, **declared})
        return await asyncio.to_thread(body.read)

    return loop.run_until_complete(play())


def test_a_small_body_is_read_whole_and_a_large_one_when_it_is_asked_for(loop: asyncio.AbstractEventLoop) -> None:
    assert _read(loop, _Protocol(b"abc", b"de"), length="5") == b"abcde"
    assert _read(loop, _Protocol(b"a" * 8, b"b" * 8), length="16") == b"a" * 8 + b"b" * 8
    assert _read(loop, _Protocol(b"ab", b"c"), chunked=True) == b"abc"
    assert _read(loop, _Protocol(b"unread")) == b""


def test_a_body_shorter_than_it_says_cannot_be_read(loop: asyncio.AbstractEventLoop) -> None:
    with pytest.raises(OSError, match="before its length"):
        _read(loop, _Protocol(b"ab"), length="5")


class _Reply(list[bytes]):
    """What an application gives: pieces, and a close."""

    def __init__(self, *pieces: bytes, streaming: bool = False) -> None:
        super().__init__(pieces)
        self.streaming, self.closed = streaming, 0

    def close(self) -> None:
        self.closed += 1


def _served(loop: asyncio.AbstractEventLoop, reply: _Reply) -> tuple[list[Any], list[bytes]]:
    seen = []

    def application(environ: dict[str, Any], start: Any) -> _Reply:
        seen.append(environ["wsgi.input"].read())
        start("201 Created", [("A", "b")])
        return reply

    protocol, threads = _Protocol(b"body"), Threads(loop, 2)
    bridge = Bridge(application, threads, most_read=10)
    loop.run_until_complete(bridge.serve(_Scope([("content-length", "4")]), protocol))
    threads.stop(1.0)
    return protocol.answered, seen


def test_a_reply_is_sent_whole_and_then_closed(loop: asyncio.AbstractEventLoop) -> None:
    reply = _Reply(b"a", b"b")

    answered, seen = _served(loop, reply)

    assert (answered, seen, reply.closed) == ([(201, [("A", "b")], b"ab")], [b"body"], 1)


def test_a_stream_goes_out_in_pieces_until_the_client_is_gone(loop: asyncio.AbstractEventLoop) -> None:
    reply = _Reply(b"a", b"", b"b", b"gone", b"never", streaming=True)

    answered, _ = _served(loop, reply)

    assert (answered, reply.closed) == ([(201, [("A", "b")]), b"a", b"b"], 1)


def test_an_application_that_fails_fails_its_own_request(loop: asyncio.AbstractEventLoop) -> None:
    def application(environ: dict[str, Any], start: Any) -> Any:
        raise ValueError("a bug")

    threads = Threads(loop, 1)
    bridge = Bridge(application, threads, most_read=10)

    for _ in range(2):
        with pytest.raises(ValueError, match="a bug"):
            loop.run_until_complete(bridge.serve(_Scope(), _Protocol()))
    assert isinstance(loop.run_until_complete(threads.run(io.BytesIO)), io.BytesIO)
    threads.stop(1.0)
