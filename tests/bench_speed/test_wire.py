"""Requests made beforehand, and replies cut out of what has arrived so far."""

from pathlib import Path

import pytest

from bench.speed.wire import cut_reply, read_requests, request, write_requests

_PLAIN = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
_CHUNKED = b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"
_EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"


def test_a_request_is_whole() -> None:
    made = request("POST", "/v1/x", host="h", headers={"A": "b"}, body={"n": 1})

    assert made == (
        b'POST /v1/x HTTP/1.1\r\nHost: h\r\nA: b\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"n":1}'
    )


def test_requests_come_out_of_a_file_as_they_went_in(tmp_path: Path) -> None:
    requests = [b"one\n\n", b"", b"two\r\n\r\n3\n"]

    assert write_requests(tmp_path / "file", requests) == 3

    assert list(read_requests(tmp_path / "file")) == requests


@pytest.mark.parametrize(
    ("reply", "found"), [(_PLAIN, (200, b"hello")), (_CHUNKED, (404, b"hello")), (_EMPTY, (204, b""))]
)
def test_a_reply_is_cut_when_its_last_byte_is_there(reply: bytes, found: tuple[int, bytes]) -> None:
    received = bytearray()
    for position in range(len(reply) - 1):
        received += reply[position : position + 1]
        assert cut_reply(received) is None
    received += reply[-1:] + _PLAIN

    assert cut_reply(received) == found
    assert bytes(received) == _PLAIN
