"""Exchanges with a gateway over kept connections: no redirect, proxy, cookie, compression or second try."""

import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from http.client import HTTPException
from queue import Empty, LifoQueue
from typing import Final, Self
from urllib.parse import urlsplit

from payments.gateways.line import Line, NoAnswer, left

_KEPT_SECONDS: Final = 5.0
_PORTS: Final = {"http": 80, "https": 443}


class Client:
    """Exchanges with one server over connections that are kept open for 5 s. Threads may share it, processes not."""

    def __init__(self, base_url: str, headers: Mapping[str, str], *, max_connections: int) -> None:
        """A useless address is told by the first exchange."""
        self._base_url = base_url
        self._headers = {"User-Agent": "altis", "Accept-Encoding": "identity", **headers}
        self._free: LifoQueue[Line | None] = LifoQueue()
        for _ in range(max_connections):
            self._free.put(None)

    def exchange(
        self, method: str, path: str, body: bytes | None, *, wanted: frozenset[int], cap: int, deadline: float
    ) -> bytes:
        """The body of an answer with a wanted status, b"" for another; the whole must be here at the deadline.

        Raises NoAnswer, OSError or ValueError; also for a body of more than `cap` bytes.
        """
        host, port, tls, before = self._place
        if not path.startswith("/"):
            raise NoAnswer("this is no path")
        about = {} if body is None else {"Content-Type": "application/json", "Content-Length": str(len(body))}
        try:
            line = self._free.get(timeout=left(deadline))
        except Empty:
            raise NoAnswer("every connection is in use") from None
        keep = False
        try:
            if line is None:
                line = Line(host, port)
                line.default_port = _PORTS["http" if tls is None else "https"]
            line.ask(method, before + path, body, self._headers | about)
            answer = line.answer(deadline, cap, tls)
            found = b""
            if answer.status in wanted:
                found = answer.read(cap + 1)
                keep, line.good_until = answer.lasts and len(found) <= cap, time.monotonic() + _KEPT_SECONDS
            if len(found) > cap:
                raise NoAnswer("the gateway's answer is too large")
        except OSError:
            raise
        except (HTTPException, ValueError) as error:
            raise NoAnswer("this cannot be asked, or is no answer") from error
        finally:
            if line is not None and not keep:
                line.close()
            self._free.put(line if keep else None)
        return found

    def close(self) -> None:
        """Close the connections that nobody uses."""
        lines = []
        with suppress(Empty):
            while True:
                lines.append(self._free.get_nowait())
        for line in lines:
            if line is not None:
                line.close()
            self._free.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @cached_property
    def _place(self) -> tuple[str, int, ssl.SSLContext | None, str]:
        """Host, port, trust, and the path before every path; raises NoAnswer."""
        url = urlsplit(self._base_url)
        if url.scheme not in _PORTS or not url.hostname or url.username is not None or url.query or url.fragment:
            raise NoAnswer("the gateway's address is useless")
        tls = ssl.create_default_context() if url.scheme == "https" else None
        return url.hostname, url.port or _PORTS[url.scheme], tls, url.path.rstrip("/")
