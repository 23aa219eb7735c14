"""Stands between the gateway and the API and spoils webhooks: drops, repeats, holds back, forges."""

import asyncio
import random
import re
from collections import Counter
from dataclasses import dataclass, replace

from bench.torture.proxy import LOOPBACK, ProxyLoop

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_SIGNATURE = re.compile(rb"v1=[0-9a-f]{64}")
_AMOUNT = re.compile(rb'"amount": ?"[0-9.]+"')
_TAKEN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{}"
_AWAY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_ANSWER_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Mischief:
    """The share of deliveries that each thing happens to, 0 to 1; the default is an honest line."""

    drop: float = 0.0  # taken and never delivered
    repeat: float = 0.0  # delivered up to five times, at once
    late: float = 0.0  # taken, and delivered after what follows it
    forge: float = 0.0  # preceded by three copies: false signature, other amount, no signature
    late_seconds: float = 4.0


class WebhookLine:
    """Listens on `port`; the API is `upstream`. Settings may be changed from any thread."""

    def __init__(self, loop: ProxyLoop, port: int, *, upstream: tuple[str, int], seed: int) -> None:
        self.port, self.upstream = port, upstream
        self.counts: Counter[str] = Counter()
        self.mischief = Mischief()
        self._random = random.Random(seed)  # nosec B311 # repeatable on purpose
        self._late: set[asyncio.Task[bytes]] = set()
        self._server = loop.run(asyncio.start_server(self._serve, LOOPBACK, port), self._close)

    def heal(self) -> None:
        """An honest line; what is late still arrives."""
        self.mischief = Mischief()

    def spoil(self, mischief: Mischief) -> None:
        """From the next delivery on."""
        self.mischief = replace(mischief)

    def _close(self) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            writer.write(await self._deliver(head, body))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            self.counts["broken"] += 1
        finally:
            writer.close()

    async def _deliver(self, head: bytes, body: bytes) -> bytes:
        mischief, chance = self.mischief, self._random.random
        self.counts["deliveries"] += 1
        if chance() < mischief.drop:
            self.counts["dropped"] += 1
            return _TAKEN
        if chance() < mischief.forge:
            await self._forge(head, body)
        if chance() < mischief.late:
            self.counts["late"] += 1
            task = asyncio.create_task(self._send_late(head, body, mischief.late_seconds * chance()))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
            return _TAKEN
        copies = self._random.randint(2, 5) if chance() < mischief.repeat else 1
        self.counts["repeated"] += copies - 1
        answers = await asyncio.gather(*(self._send(head, body) for _ in range(copies)))
        return answers[0]

    async def _send_late(self, head: bytes, body: bytes, seconds: float) -> bytes:
        await asyncio.sleep(seconds)
        return await self._send(head, body)

    async def _forge(self, head: bytes, body: bytes) -> None:
        false_signature = _SIGNATURE.sub(b"v1=" + b"0" * 64, head)
        other_amount = _AMOUNT.sub(lambda found: found[0].replace(b"1", b"7").replace(b"2", b"8"), body)
        unsigned = re.sub(rb"(?i)altis-signature:[^\r]*\r\n", b"", head)
        for false_head, false_body in ((false_signature, body), (head, other_amount), (unsigned, body)):
            if (false_head, false_body) == (head, body):  # no digit to change: it would be true
                continue
            self.counts["forged"] += 1
            answer = await self._send(false_head, false_body)
            self.counts["forged_taken"] += answer.split(b" ", 2)[1].startswith(b"2")

    async def _send(self, head: bytes, body: bytes) -> bytes:
        """One delivery on a connection of its own; 503 stands for no answer."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                reader, writer = await asyncio.open_connection(*self.upstream)
                writer.write(
                    re.sub(rb"(?i)connection:[^\r]*\r\n", b"", head[:-2]) + b"Connection: close\r\n\r\n" + body
                )
                answer = await reader.read()
                writer.close()
        except (OSError, TimeoutError):
            answer = b""
        self.counts["sent"] += 1
        return answer or _AWAY
