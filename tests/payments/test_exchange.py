"""The client beneath a gateway: connections that are kept, answers whose end is beyond doubt, proven servers."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from payments.gateways.exchange import Client
from payments.gateways.line import NoAnswer
from tests.certificates import Authority, tls_in_front_of
from tests.payments.simulators import RawServer

BODY = b'{"a": 1}'
KEPT = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n" + BODY
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    with ExitStack() as stack:
        yield lambda url, most=2, **headers: stack.enter_context(Client(url, headers, max_connections=most))


def ask(client: Client, path: str = "/x", *, cap: int = 100, seconds: float = 2.0, body: bytes | None = None) -> bytes:
    deadline = time.monotonic() + seconds
    return client.exchange("POST", path, body, wanted=frozenset((200,)), cap=cap, deadline=deadline)


def again_and_again(answer: bytes, seen: list[bytes]) -> Callable[[socket.socket], None]:
    """Answer on one connection until the client hangs up; what came after the first request is kept."""

    def respond(connection: socket.socket) -> None:
        connection.sendall(answer)
        while request := connection.recv(65536):
            seen.append(request)
            connection.sendall(answer)

    return respond


def test_a_connection_is_used_again(serve: Callable[..., RawServer], client: Callable[..., Client]) -> None:
    later: list[bytes] = []
    server = serve(again_and_again(KEPT, later))
    one = client(server.url, Authorization="Bearer k")

    assert [ask(one, body=b"{}") for _ in range(3)] == [BODY] * 3

    assert (len(server.requests), len(later)) == (1, 2)
    assert later[0].startswith(b"POST /x HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nAuthorization: Bearer k\r\n" in later[0]
    assert later[0].endswith(b"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(KEPT + b"more", id="bytes that nobody asked for"),
        pytest.param(KEPT.replace(b"OK\r\n", b"OK\r\nConnection: Close\r\n"), id="told to close"),
        pytest.param(KEPT.replace(b"HTTP/1.1", b"HTTP/1.0"), id="HTTP/1.0"),
        pytest.param(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", id="another status"),
    ],
)
def test_a_connection_in_doubt_is_not_used_again(
    answer: bytes, serve: Callable[..., RawServer], client: Callable[..., Client]
) -> None:
    later: list[bytes] = []
    server = serve(again_and_again(answer, later))
    one = client(server.url)

    bodies = [ask(one) for _ in range(2)]

    assert (len(server.requests), later) == (2, [])
    assert bodies == [b"" if b" 500 " in answer else BODY] * 2


def test_an_answer_in_chunks_is_read_to_its_end(serve: Callable[..., RawServer], client: Callable[..., Client]) -> None:
    later: list[bytes] = []
    server = serve(again_and_again(CHUNKED + b'3\r\n{"a\r\n5;x=y\r\n": 1}\r\n0\r\n\r\n', later))
    one = client(server.url)

    assert [ask(one), ask(one)] == [BODY, BODY]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(KEPT.replace(b"OK\r\n", b"OK\r\nTransfer-Encoding: chunked\r\n"), id="a length and chunks"),
        pytest.param(KEPT.replace(b"OK\r\n", b"OK\r\nContent-Length: 8\r\n"), id="a length twice"),
        pytest.param(KEPT.replace(b": 8", b": +8"), id="a length with a sign"),
        pytest.param(KEPT.replace(b": 8", b": 101"), id="longer than the cap"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + BODY, id="no length"),
        pytest.param(CHUNKED.replace(b"chunked", b"gzip, chunked") + b"0\r\n\r\n", id="a coding of another kind"),
        pytest.param(CHUNKED + b"33\r\n" + b"x" * 51 + b"\r\n32\r\n" + b"x" * 50 + b"\r\n", id="chunks beyond the cap"),
        pytest.param(CHUNKED + b"-1\r\n", id="a chunk below nothing"),
        pytest.param(CHUNKED + b"1\r\nxx\r\n0\r\n\r\n", id="a chunk longer than it said"),
        pytest.param(CHUNKED + b"0\r\nA: b\r\n\r\n", id="trailers"),
        pytest.param(b"HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 101 X\r\n\r\n" + KEPT, id="another protocol from here on"),
        pytest.param(b"HTTP/1.1 200 OK\r\n Content-Length: 8\r\n\r\n" + BODY, id="a folded header"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 20_000, id="a head without end"),
    ],
)
def test_an_answer_whose_end_is_in_doubt_is_none(
    answer: bytes, serve: Callable[..., RawServer], client: Callable[..., Client]
) -> None:
    server = serve(answer)

    with pytest.raises(NoAnswer):
        ask(client(server.url))


@pytest.mark.parametrize(
    ("path", "header"), [("/x y", "a"), ("/x\r\nHost: b", "a"), ("x", "a"), ("/x", "a\r\nB: c"), ("/é", "a")]
)
def test_what_would_break_a_request_is_never_sent(
    path: str, header: str, serve: Callable[..., RawServer], client: Callable[..., Client]
) -> None:
    server = serve(KEPT)

    with pytest.raises(NoAnswer):
        ask(client(server.url, A=header), path)

    assert server.requests == []


def test_who_waits_for_a_connection_waits_until_the_deadline(
    serve: Callable[..., RawServer], client: Callable[..., Client]
) -> None:
    server = serve(KEPT)
    one = client(server.url, most=1)
    one._free.get()
    started = time.monotonic()

    with pytest.raises(NoAnswer):
        ask(one, seconds=0.2)

    assert (0.15 < time.monotonic() - started < 1.0, server.requests) == (True, [])
    one._free.put(None)
    assert ask(one) == BODY


def test_a_server_must_prove_that_it_is_the_host(
    serve: Callable[..., RawServer], client: Callable[..., Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, unknown = Authority(tmp_path, "known"), Authority(tmp_path, "unknown")
    monkeypatch.setenv("SSL_CERT_FILE", str(known.file))
    plain = serve(again_and_again(KEPT, []))
    certificates = known.sign("right"), unknown.sign("stranger"), known.sign("other", host="other.example")

    with ExitStack() as stack:
        doors = [stack.enter_context(tls_in_front_of(plain.listener.getsockname, files)) for files in certificates]
        right, *wrong = (client(f"https://localhost:{port}") for port in doors)
        assert [ask(right), ask(right)] == [BODY, BODY]
        for one in wrong:
            with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
                ask(one)

    assert len(plain.requests) == 1
