"""A connection to a gateway: the standard library's HTTP, strict about where an answer and a call end."""

import io
import re
import socket
import ssl
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from typing import Any, Final, cast

_MAX_HEAD_BYTES: Final = 16 * 1024
_WAIT: Final = range(102, 200)
_HEAD: Final = re.compile(rb"(HTTP/1\.[01] [1-5][0-9]{2}(?: [\t -~\x80-\xff]*)?|[!-9;-~]+:[\t -~\x80-\xff]*)?\r\n")
_CHUNK: Final = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t -~]{0,64})?\r\n")
_END: Final = re.compile(rb"\r\n")  # trailers are not ours


class NoAnswer(Exception):
    """No answer that can be trusted has come; the request may have arrived."""


def left(deadline: float) -> float:
    """Seconds until this instant of ``time.monotonic()``; raises NoAnswer when it has passed."""
    if (seconds := deadline - time.monotonic()) <= 0:
        raise NoAnswer("the deadline of the whole call has passed")
    return seconds


class _Reader(io.BufferedReader):
    """One for all answers of a connection: with one for each, what comes after an answer would go unseen."""

    form = _HEAD

    def readline(self, size: int | None = -1, /) -> bytes:
        """A line of the only form it may have here: the library would read around what it does not know."""
        line = super().readline(size)
        if not (found := self.form.fullmatch(line)):
            raise NoAnswer("a line of the answer cannot be read")
        if self.form is _CHUNK and not int(found[1], 16):
            self.form = _END
        return line

    def close(self) -> None:
        """An answer closes it at its end; the connection goes on."""


class _Wire(io.RawIOBase):
    """What http.client needs of a socket: every wait ends at the deadline of the call, every answer at a size."""

    deadline: float | None = None  # None: do not wait
    room = 0

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._reader = connection, _Reader(self)

    def close(self) -> None:
        self._connection.close()

    def sendall(self, data: bytes) -> None:
        self._pace()
        self._connection.sendall(data)

    def quiet(self) -> bool:
        """Whether nothing has come that nobody asked for: neither bytes nor the end of the connection."""
        self.deadline = None
        try:
            return not self._reader.peek()
        except (OSError, NoAnswer):
            return False

    def _pace(self) -> None:
        self._connection.settimeout(0.0 if self.deadline is None else left(self.deadline))

    def makefile(self, _mode: str) -> _Reader:
        self._reader.form = _HEAD
        return self._reader

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._pace()
        try:
            size = self._connection.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        self.room -= size
        if not size or self.room < 0:  # no answer that we trust ends with its connection
            raise NoAnswer("the gateway has hung up, or says too much")
        return size


class _Answer(HTTPResponse):
    lasts = False  # whether the connection is good for another answer

    def begin(self) -> None:
        """One length or chunks, never both and never neither: else nobody knows where the answer ends."""
        super().begin()
        while self.status in _WAIT:
            self.headers = None  # type: ignore[assignment]  # the library's own sign of "not begun"
            super().begin()
        lengths, codings = self.headers.get_all("Content-Length", []), self.headers.get_all("Transfer-Encoding", [])
        sized = len(lengths) == 1 and not codings and re.fullmatch("[0-9]{1,15}", lengths[0].strip())
        if self.headers.defects or not (sized or (self.chunked and len(codings) == 1 and not lengths)):
            raise NoAnswer("nobody knows where the answer ends")
        self.lasts, self.will_close = not self.will_close, False  # the body is still to be read
        cast(_Reader, self.fp).form = _CHUNK


class Line(HTTPConnection):
    """A connection that is opened by its first question, or by one that finds it old or not quiet."""

    response_class = _Answer
    sock: Any
    good_until = 0.0
    _written = b""

    def ask(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> None:
        """Make a question ready; what would break it raises ValueError or HTTPException."""
        self._written = b""
        self.request(method, target, body, headers)

    def answer(self, deadline: float, cap: int, tls: ssl.SSLContext | None) -> _Answer:
        """Send the question; the head of its answer. With a context the server must prove that it is the host."""
        if self.sock is not None and not (time.monotonic() < self.good_until and self.sock.quiet()):
            self.sock.close()
            self.sock = None
        if self.sock is None:
            self._open(deadline, tls)
        self.sock.deadline, self.sock.room = deadline, _MAX_HEAD_BYTES + cap
        self.sock.sendall(self._written)
        return cast(_Answer, self.getresponse())

    def send(self, data: Any) -> None:
        """Keep what the library writes in pieces: it leaves in one."""
        self._written += data

    def _open(self, deadline: float, tls: ssl.SSLContext | None) -> None:
        self.timeout = left(deadline)
        self.connect()
        if tls is not None:
            self.sock.settimeout(left(deadline))
            self.sock = tls.wrap_socket(self.sock, server_hostname=self.host)
        self.sock = _Wire(self.sock)
