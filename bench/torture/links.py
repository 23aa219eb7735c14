"""One proxied connection: a client's end and a server's end, and what is done to the bytes between them."""

import asyncio
import contextlib
import socket
import struct
from collections import Counter, deque
from typing import Protocol

from bench.torture.commits import CommitSpotter
from bench.torture.modes import Modes

_RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, zero seconds: close() sends RST
_LAST_WORDS_SECONDS = 10.0  # how long a server may take to answer a COMMIT whose client is gone


class Owner(Protocol):
    """What a link needs of its proxy."""

    upstream: tuple[str, int] | None
    modes: Modes
    counts: Counter[str]
    links: set["Link"]
    loop: asyncio.AbstractEventLoop
    follows_commits: bool


class End(asyncio.Protocol):
    """One end of a link. What it receives goes to the other end."""

    def __init__(self, link: "Link") -> None:
        self.link = link
        self.transport: asyncio.Transport | None = None
        self.waiting: deque[bytes] = deque()  # for this end: delayed, or it is not connected yet
        self.is_full = False
        self.has_ended = False  # the other end has no more to say

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        assert isinstance(transport, asyncio.Transport)  # nosec B101 # tells mypy what asyncio promises
        self.transport = transport
        self.link.connected(self)

    def data_received(self, data: bytes) -> None:
        """Bytes from outside."""
        self.link.pass_on(self, data)

    def eof_received(self) -> bool:
        """The peer has no more to say; it may still listen."""
        self.link.other(self).finish()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone for good."""
        self.link.lost(self)

    def pause_writing(self) -> None:
        """Our peer reads too slowly: the other one must wait."""
        self.is_full = True
        self.link.adjust()

    def resume_writing(self) -> None:
        """It has caught up."""
        self.is_full = False
        self.link.adjust()

    def send(self, data: bytes, delay: float) -> None:
        """Write now, or after the delay and whatever waits before it."""
        if self.has_ended:
            return
        if self.transport is not None and not delay and not self.waiting:
            self.transport.write(data)
            return
        self.waiting.append(data)
        if self.transport is not None:
            self.link.proxy.loop.call_later(delay, self.flush_one)

    def flush_one(self) -> None:
        """Write the oldest of what waits."""
        if self.waiting and self.transport is not None and not self.transport.is_closing():
            self.transport.write(self.waiting.popleft())
            if self.has_ended and not self.waiting:
                self.finish()

    def finish(self) -> None:
        """No more bytes will follow what waits."""
        self.has_ended = True
        if self.transport is None or self.waiting or self.transport.is_closing():
            return
        with contextlib.suppress(OSError):  # the peer may be gone already; connection_lost will say so
            self.transport.write_eof()
        self.link.close_if_finished()

    def reset(self) -> None:
        """RST."""
        if self.transport is not None and not self.transport.is_closing():
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.transport.abort()


class Link:
    """Both ends. All methods run in the event loop's thread."""

    def __init__(self, proxy: Owner) -> None:
        self.proxy = proxy
        self.client, self.server = End(self), End(self)
        self._spotter = CommitSpotter() if proxy.follows_commits else None
        self._is_over = False
        self._last_words = False
        self._connecting: asyncio.Task[object] | None = None

    def other(self, end: End) -> End:
        """The end across."""
        return self.server if end is self.client else self.client

    def connected(self, end: End) -> None:
        """An end stands: connect the other one, or pass on what came meanwhile."""
        self.proxy.links.add(self)
        if end is self.client:
            self.proxy.counts["connections"] += 1
            if self.proxy.modes.refusing:
                self.proxy.counts["refused"] += 1
                self.reset()
                return
        while self.server.transport is not None and self.server.waiting:
            self.server.flush_one()
        self.adjust()

    def adjust(self) -> None:
        """Read from each end only when nothing is held back; connect onward when that is due."""
        holding = self.proxy.modes.holding
        if self.client.transport is not None and self.server.transport is None and not holding and not self._is_over:
            self._connect()
        for end in (self.client, self.server):
            if end.transport is not None and not end.transport.is_closing():
                if holding or self.other(end).is_full:
                    end.transport.pause_reading()
                else:
                    end.transport.resume_reading()

    def pass_on(self, end: End, data: bytes) -> None:
        """Bytes from one end to the other, unless a mode says otherwise."""
        modes = self.proxy.modes
        if end is self.server:
            if self._last_words:
                self.server.reset()
            elif modes.answers_to_lose > 0:
                modes.answers_to_lose -= 1
                self._lose_answer(modes.instead)
            else:
                self.client.send(data, modes.delay)
        elif self._spotter is not None and self._spotter.feed(data) and modes.commits_to_lose > 0:
            modes.commits_to_lose -= 1
            self._lose_commit(data, deliver=modes.deliver_commits)
        else:
            self.server.send(data, modes.delay)

    def close_if_finished(self) -> None:
        """Nothing is left to say in either direction."""
        if self.client.has_ended and self.server.has_ended and not (self.client.waiting or self.server.waiting):
            for end in (self.client, self.server):
                if end.transport is not None:
                    end.transport.close()

    def half_close(self) -> None:
        """The client hears that the server is done."""
        self.client.finish()

    def reset(self) -> None:
        """Both ends, now."""
        self._is_over = True
        self.client.reset()
        self.server.reset()

    def lost(self, end: End) -> None:
        """One end has gone: so goes the other, except a server that still has a COMMIT to answer."""
        if end is self.client and self._last_words:
            return
        self._is_over = True
        self.proxy.links.discard(self)
        across = self.other(end).transport
        if across is not None and not across.is_closing():
            across.close()

    def _connect(self) -> None:
        if self._connecting is None and self.proxy.upstream is not None:
            host, port = self.proxy.upstream
            self._connecting = self.proxy.loop.create_task(self._open(host, port))

    async def _open(self, host: str, port: int) -> None:
        try:
            await self.proxy.loop.create_connection(lambda: self.server, host, port)
        except OSError:
            self.proxy.counts["unreachable"] += 1
            self.reset()
        else:
            if self._is_over:
                self.server.reset()

    def _lose_answer(self, instead: bytes) -> None:
        self.proxy.counts["answers_lost"] += 1
        if not instead or self.client.transport is None:
            self.reset()
            return
        self.client.transport.write(instead)
        self.client.transport.close()
        self.server.reset()

    def _lose_commit(self, data: bytes, *, deliver: bool) -> None:
        self.proxy.counts["commits_delivered_answer_lost" if deliver else "commits_lost"] += 1
        if not deliver:
            self.reset()
            return
        self._last_words = True
        self.server.send(data, 0)
        self.client.reset()
        self.proxy.loop.call_later(_LAST_WORDS_SECONDS, self.server.reset)
