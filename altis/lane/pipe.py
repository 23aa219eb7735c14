"""Redis for the event loop: one connection per process, and all calls of one turn of the loop in one write.

Connecting is left to redis-py: address, TLS, password and database number are read by the same code as everywhere. Once
it is connected the socket is ours, since a call through redis-py costs five times as much as the call itself.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

import hiredis
import structlog
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection

from altis.lane.words import NO_WORDS, Value, Words, packed, sent
from altis.store.redis import StoreDown

log = structlog.get_logger(__name__)
MOST_WAITING = 10_000
PAUSE_SECONDS = 0.1  # after a failure, before the next try to connect
_BEAT_SECONDS = 0.02
_GRACE_SECONDS = 1.0
# Without types, or with narrower ones than they take.
_pack: Any = hiredis.pack_command
_make: Any = ConnectionPool.make_connection
_close: Any = AbstractConnection._close


class _Call:
    """One command on its way: who waits for the reply, and until when."""

    __slots__ = ("deadline", "reply")

    def __init__(self, reply: "asyncio.Future[Any]", deadline: float) -> None:
        self.reply, self.deadline = reply, deadline


class Pipe(asyncio.Protocol):
    """Replies come in the order of the commands. Whoever is cancelled or too late leaves a place that is skipped."""

    def __init__(self, url: str, *, connect_seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._pool = ConnectionPool.from_url(
            url, protocol=2, socket_connect_timeout=connect_seconds, socket_timeout=connect_seconds
        )
        self._connection: AbstractConnection | None = None
        self._transport: Any = None
        self._connecting: asyncio.Task[None] | None = None
        self._watching = False
        self._resting_until = 0.0
        self._forget()

    async def call(self, *words: Value, seconds: float) -> Any:
        """The reply to one command; raises StoreDown when there is none in time, or an error."""
        return await self.send(_pack(words), seconds=seconds)

    async def send(self, command: bytes, *, seconds: float) -> Any:
        """The same for a command that is packed already."""
        if self._stalled or len(self._calls) >= MOST_WAITING or (self._transport is None and not self._may_connect()):
            raise StoreDown(retry_after=1)
        waiting = _Call(self._loop.create_future(), self._loop.time() + seconds)
        self._calls.append(waiting)
        if not self._unsent and self._transport is not None:
            self._loop.call_soon(self._flush)
        self._unsent.append(command)
        if not self._watching:
            self._watching = True
            self._loop.call_later(_BEAT_SECONDS, self._watch)
        reply = await waiting.reply
        if isinstance(reply, Exception):
            raise StoreDown(retry_after=1) from reply
        return reply

    def close(self) -> None:
        """Hang up; whoever waits is told."""
        if self._connecting is not None:
            self._connecting.cancel()
        self._drop(ConnectionError("closed"))

    def data_received(self, data: bytes) -> None:
        """Replies, or parts of them. An error reply to one command is no failure of the connection."""
        self._stalled = False
        self._reader.feed(data)
        while self._calls and (reply := self._reader.gets()) is not False:
            _settle(self._calls.popleft(), reply)

    def connection_lost(self, exc: Exception | None) -> None:
        """Redis has hung up."""
        if self._transport is not None:
            self._drop(exc or ConnectionError("redis has hung up"))

    def _forget(self) -> None:
        self._calls: deque[_Call] = deque()
        self._unsent: list[bytes] = []
        self._reader = hiredis.Reader()
        self._stalled = False  # somebody has waited in vain, and nothing has come since: nobody else shall wait

    def _flush(self) -> None:
        if self._transport is not None and self._unsent:
            self._transport.write(b"".join(self._unsent))
            self._unsent.clear()

    def _may_connect(self) -> bool:
        if self._connecting is None and self._loop.time() >= self._resting_until:
            self._connecting = self._loop.create_task(self._connect())
        return self._connecting is not None

    async def _connect(self) -> None:
        try:
            connection = _make(self._pool)
            await connection.connect()
        except Exception as error:  # noqa: BLE001  (of the library's own kinds: whoever waits is told)
            log.warning("the lane does not reach redis", error=type(error).__name__)
            self._drop(error)
            return
        finally:
            self._connecting = None
        self._connection, self._transport = connection, connection._writer.transport
        self._transport.set_protocol(self)
        self._flush()

    def _watch(self) -> None:
        """Fail who has waited too long; when nothing comes for a second more, try a new connection."""
        now = self._loop.time()
        for one in self._calls:
            if one.deadline <= now and not one.reply.done():
                self._stalled = True
                _settle(one, TimeoutError())
        if self._calls and self._calls[0].deadline <= now - _GRACE_SECONDS:
            self._drop(TimeoutError("redis does not answer"))
        self._watching = bool(self._calls)
        if self._watching:
            self._loop.call_later(_BEAT_SECONDS, self._watch)

    def _drop(self, error: Exception) -> None:
        calls, connection = self._calls, self._connection
        self._connection = self._transport = None
        self._forget()
        self._resting_until = self._loop.time() + PAUSE_SECONDS
        if connection is not None:
            _close(connection)
        for one in calls:
            _settle(one, error)


def _settle(call: _Call, reply: Any) -> None:
    if not call.reply.done():
        call.reply.set_result(reply)


class Script:
    """A Lua script by its hash, sent in full when the server does not know it (after SCRIPT FLUSH or a restart)."""

    def __init__(self, source: str, sha: str) -> None:
        self._by_hash, self._in_full = packed("EVALSHA", sha), packed("EVAL", source)

    async def run(self, pipe: Pipe, *, keys: Sequence[Value], args: Sequence[Value], seconds: float) -> Any:
        """What the script returns; raises StoreDown."""
        return await self.send(pipe, packed(len(keys), *keys, *args), seconds=seconds)

    async def send(self, pipe: Pipe, counted: Words, more: Words = NO_WORDS, *, seconds: float) -> Any:
        """The same for words that are packed already: the number of keys, the keys, arguments; more arguments."""
        try:
            return await pipe.send(sent(self._by_hash, counted, more), seconds=seconds)
        except StoreDown as down:
            if not str(down.__cause__).startswith("NOSCRIPT"):
                raise
        return await pipe.send(sent(self._in_full, counted, more), seconds=seconds)
