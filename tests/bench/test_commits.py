"""Finding COMMIT in PostgreSQL's protocol."""

import struct

import pytest

from bench.torture.commits import CommitSpotter

_START = struct.pack(">ii", 8, 196608)
_SSL = struct.pack(">ii", 8, 80877103)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">i", len(body) + 4) + body


_COMMIT = _message(b"Q", b"COMMIT\0")


def _started(first: bytes = _START) -> CommitSpotter:
    spotter = CommitSpotter()
    assert spotter.feed(first) is False
    return spotter


@pytest.mark.parametrize(
    "message",
    [
        _COMMIT,
        _message(b"Q", b"commit;\0"),
        _message(b"P", b"\0COMMIT\0\0\0") + _message(b"S", b""),
        _message(b"P", b"_pg3_1\0COMMIT\0\0\0"),
        _message(b"Q", b"SELECT 1\0") + _COMMIT,
    ],
)
def test_commit_is_seen_in_both_protocols(message: bytes) -> None:
    assert _started().feed(message) is True


@pytest.mark.parametrize(
    "message",
    [
        _message(b"Q", b"SELECT 'COMMIT'\0"),
        _message(b"Q", b"COMMIT PREPARED 'x'\0"),
        _message(b"B", b"\0\0\0\0\0\1\0\0\0\x0c" + _COMMIT),
        _message(b"Q", b"ROLLBACK\0"),
        _message(b"P", b"COMMIT\0SELECT 1\0\0\0"),
    ],
)
def test_other_words_are_not_commits(message: bytes) -> None:
    assert _started().feed(message) is False


def test_request_for_encryption_comes_before_the_start() -> None:
    spotter = _started(_SSL)

    assert [spotter.feed(part) for part in (_START, _COMMIT)] == [False, True]


def test_pieces_are_put_together() -> None:
    spotter = CommitSpotter()
    stream = _START + _message(b"Q", b"BEGIN\0") + _COMMIT + _COMMIT

    seen = [spotter.feed(stream[at : at + 1]) for at in range(len(stream))]

    assert [at for at, found in enumerate(seen) if found] == [len(stream) - 1 - len(_COMMIT), len(stream) - 1]
