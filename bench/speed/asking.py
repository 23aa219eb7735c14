"""Requests made to prepare a case, a few at a time, with their replies; and a look at whether a file is any good."""

import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson

from bench.speed.wire import cut_reply

_THREADS = 8
_CHUNK = 65_536
_SECONDS = 30.0
_AT_ONCE = 2000


class UnexpectedReply(Exception):
    """A reply that a case cannot be built on; the text has status and body."""


class Asker:
    """One kept-alive connection per thread."""

    def __init__(self, port: int) -> None:
        self._port, self._own = port, threading.local()

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body; raises ConnectionError or TimeoutError."""
        connection: socket.socket | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = socket.create_connection(("127.0.0.1", self._port), timeout=_SECONDS)
        connection.sendall(request)
        received = bytearray()
        while (reply := cut_reply(received)) is None:
            data = connection.recv(_CHUNK)
            if not data:
                raise ConnectionError("the server closed the connection")
            received += data
        return reply

    def json(self, request: bytes) -> Any:
        """The body of a 2xx reply; raises UnexpectedReply for any other."""
        status, body = self.ask(request)
        if status // 100 != 2:  # noqa: PLR2004 - the class of success
            first = request.partition(b"\r\n")[0].decode()
            raise UnexpectedReply(f"{first}: {status} {body[:300].decode(errors='replace')}")
        return orjson.loads(body)


def ask_all(port: int, requests: Iterable[bytes], *, threads: int = _THREADS) -> Iterator[Any]:
    """The bodies of all replies, in order; raises UnexpectedReply."""
    asker, pending = Asker(port), list(requests)
    with ThreadPoolExecutor(threads) as pool:
        for first in range(0, len(pending), _AT_ONCE):
            yield from pool.map(asker.json, pending[first : first + _AT_ONCE])


def check_searches(port: int, requests: Sequence[bytes]) -> None:
    """Pass when each of these searches finds offers; raises UnexpectedReply."""
    for request, found in zip(requests, ask_all(port, requests), strict=True):
        if not found["offers"]:
            raise UnexpectedReply(f"a search found nothing ({found['reason']}): {request[-200:].decode()}")
