"""The lane's Redis client: one write per turn of the loop, replies to whom they belong, and no waiting in vain."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvloop
from django.conf import settings

from altis.lane import pipe as pipes
from altis.lane.pipe import Pipe, Script
from altis.store.redis import StoreDown, client
from tests.certificates import Authority, tls_in_front_of

SECONDS = 2.0


def _with_pipe(scene: Callable[[Pipe], Awaitable[Any]], url: str = "", run: Callable[..., Any] = asyncio.run) -> Any:
    async def play() -> Any:
        pipe = Pipe(url or settings.REDIS_URL, connect_seconds=1.0)
        try:
            return await scene(pipe)
        finally:
            pipe.close()
            await asyncio.sleep(0.01)  # its end reaches the transport

    return run(play())


def _with_fake(scene: "Callable[[Pipe, _Fake], Awaitable[Any]]") -> Any:
    async def play() -> Any:
        fake = _Fake()
        server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
        pipe = Pipe(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0", connect_seconds=1.0)
        try:
            await pipe.call("PING", seconds=SECONDS)
            return await scene(pipe, fake)
        finally:
            pipe.close()
            server.close()
            for writer in fake.writers:
                writer.close()
            await asyncio.sleep(0.02)

    return asyncio.run(play())


class _Fake:
    """A server that speaks just enough Redis; it greets, and then says what it is told to."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.silent = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        while data := await reader.read(65536):
            self.heard.append(data)
            if not self.silent:
                writer.write(b"+OK\r\n" * data.count(b"*"))
        writer.close()


def test_calls_of_one_turn_are_one_write_and_each_gets_its_own_reply() -> None:
    async def scene(pipe: Pipe, fake: _Fake) -> tuple[list[Any], int]:
        before = len(fake.heard)
        replies = await asyncio.gather(*(pipe.call("SET", "k", number, seconds=SECONDS) for number in range(50)))
        return replies, len(fake.heard) - before

    replies, writes = _with_fake(scene)

    assert (replies, writes) == ([b"OK"] * 50, 1)


def test_replies_belong_to_their_commands() -> None:
    async def scene(pipe: Pipe) -> list[Any]:
        return await asyncio.gather(*(pipe.call("ECHO", f"{number}", seconds=SECONDS) for number in range(200)))

    assert _with_pipe(scene) == [f"{number}".encode() for number in range(200)]


def test_whoever_is_cancelled_shifts_nobody_elses_reply() -> None:
    async def scene(pipe: Pipe) -> Any:
        await pipe.call("PING", seconds=SECONDS)
        gone = asyncio.create_task(pipe.call("ECHO", "gone", seconds=SECONDS))
        await asyncio.sleep(0)
        gone.cancel()
        return await pipe.call("ECHO", "here", seconds=SECONDS)

    assert _with_pipe(scene) == b"here"


def test_an_error_reply_fails_its_own_command_alone() -> None:
    async def scene(pipe: Pipe) -> list[Any]:
        calls = (pipe.call(*words, seconds=SECONDS) for words in (("NONSENSE",), ("ECHO", "a")))
        return await asyncio.gather(*calls, return_exceptions=True)

    wrong, right = _with_pipe(scene)

    assert (type(wrong), right) == (StoreDown, b"a")


def test_a_script_that_the_server_does_not_know_is_sent_in_full() -> None:
    async def scene(pipe: Pipe) -> Any:
        source = f"return {time.time_ns()}"
        return await Script(source, "0" * 40).run(pipe, keys=[], args=[], seconds=SECONDS)

    assert _with_pipe(scene) > 0


def test_a_server_that_hangs_costs_one_patience_and_nobody_more_than_that() -> None:
    async def scene(pipe: Pipe, fake: _Fake) -> tuple[float, float]:
        fake.silent = True
        patience = await _refused_after(pipe, 0.15)
        at_once = await _refused_after(pipe, 5.0)
        return patience, at_once

    patience, at_once = _with_fake(scene)

    assert 0.1 < patience < 1.0
    assert at_once < 0.05


def test_after_a_lost_connection_it_connects_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "PAUSE_SECONDS", 0.05)

    async def scene(pipe: Pipe, fake: _Fake) -> Any:
        fake.silent = True
        waiting = asyncio.create_task(_refused_after(pipe, SECONDS))
        await asyncio.sleep(0.02)
        fake.writers[-1].close()
        await waiting
        fake.silent = False
        end = time.monotonic() + 5
        while time.monotonic() < end:
            try:
                return await pipe.call("PING", seconds=SECONDS)
            except StoreDown:
                await asyncio.sleep(0.02)
        return None

    assert _with_fake(scene) == b"OK"


def test_a_server_that_is_not_there_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(pipe: Pipe) -> float:
        return await _refused_after(pipe, 5.0)

    assert _with_pipe(scene, "redis://127.0.0.1:1/0") < 1.0


async def _refused_after(pipe: Pipe, seconds: float) -> float:
    started = time.monotonic()
    with pytest.raises(StoreDown):
        await pipe.call("PING", seconds=seconds)
    return time.monotonic() - started


async def _ping(pipe: Pipe) -> Any:
    return await pipe.call("PING", seconds=SECONDS)


def test_tls_and_passwords_are_those_of_the_address(tmp_path: Path) -> None:
    authority, plain = Authority(tmp_path), urlsplit(settings.REDIS_URL)
    place = (plain.hostname or "", plain.port or 0)
    client().acl_setuser("lane", enabled=True, passwords=["+secret"], keys=["*"], commands=["+@all"])

    with tls_in_front_of(lambda: place, authority.sign("server")) as port:
        verified = f"rediss://lane:secret@localhost:{port}{plain.path}?ssl_ca_certs={authority.file}"
        heard = [_with_pipe(_ping, verified, run) for run in (asyncio.run, uvloop.run)]
        for wrong in (verified.replace("secret", "guess"), verified.partition("?")[0]):
            with pytest.raises(StoreDown):
                _with_pipe(_ping, wrong)
    client().acl_deluser("lane")

    assert heard == [b"PONG", b"PONG"]
