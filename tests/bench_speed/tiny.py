"""A tiny HTTP server in a thread, with replies as the test says and as slow as it says."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

Answer = Callable[[bytes], tuple[int, bytes]]


@dataclass
class Tiny:
    """Where it listens, and what it was asked."""

    port: int
    asked: list[bytes] = field(default_factory=list)


@contextmanager
def serving(answer: Answer = lambda _: (200, b"{}"), *, delay: float = 0.0, chunked: bool = False) -> Iterator[Tiny]:
    """Each connection has a thread of its own, so only the delay makes anybody wait."""
    told = Tiny(0)

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm: ClassVar[bool] = True

        def handle(self) -> None:
            while request := _read(self.rfile):
                told.asked.append(request)
                time.sleep(delay)
                self.wfile.write(_reply(*answer(request), chunked=chunked))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()


def _read(stream: object) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()  # type: ignore[attr-defined]  # socketserver has no type for it
        if not line:
            return b""
        head += line
    length = next((line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), b":0")
    body: bytes = stream.read(int(length.partition(b":")[2]))  # type: ignore[attr-defined]  # the same
    return head + body


def _reply(status: int, body: bytes, *, chunked: bool) -> bytes:
    if chunked:
        half = len(body) // 2
        parts = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:]) if part)
        return b"HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n" % (status, parts)
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)
