"""HTTP/1.1 as bytes: requests made beforehand, and replies cut out of a stream."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"


def request(
    method: str, path: str, *, host: str, headers: Mapping[str, str] | None = None, body: object = None
) -> bytes:
    """One whole request on a connection that stays open; `body` is sent as JSON."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    content = b"" if body is None else orjson.dumps(body)
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join(lines).encode("ascii") + _HEAD_END + content


def write_requests(file: Path, requests: Iterable[bytes]) -> int:
    """One after the other, each behind a line with its length; returns how many."""
    count = 0
    with file.open("wb") as out:
        for each in requests:
            out.write(b"%d\n%b" % (len(each), each))
            count += 1
    return count


def read_requests(file: Path) -> Iterator[bytes]:
    """What `write_requests` wrote."""
    with file.open("rb") as lines:
        while length := lines.readline():
            yield lines.read(int(length))


def cut_reply(received: bytearray) -> tuple[int, bytes] | None:
    """Take the first whole reply out of what was received: status and body; None while it is not whole."""
    head_end = received.find(_HEAD_END)
    if head_end < 0:
        return None
    head, start = bytes(received[: head_end + 2]), head_end + len(_HEAD_END)
    if length := _LENGTH.search(head):
        end = start + int(length[1])
        if len(received) < end:
            return None
        body = bytes(received[start:end])
    elif _CHUNKED.search(head):
        found = _chunks(received, start)
        if found is None:
            return None
        body, end = found
    else:
        body, end = b"", start
    del received[:end]
    return int(head[9:12]), body


def _chunks(received: bytearray, start: int) -> tuple[bytes, int] | None:
    parts: list[bytes] = []
    position = start
    while (line_end := received.find(b"\r\n", position)) >= 0:
        size = int(received[position:line_end].partition(b";")[0], 16)
        data, after = line_end + 2, line_end + 2 + size + 2
        if len(received) < after:
            return None
        if size == 0:
            return b"".join(parts), after
        parts.append(bytes(received[data : data + size]))
        position = after
    return None
