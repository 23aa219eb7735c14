"""A TCP proxy that misbehaves on request. All proxies share one event loop in a thread of its own."""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bench.torture.links import Link
from bench.torture.modes import Modes

LOOPBACK = "127.0.0.1"
_BACKLOG = 256
_START_SECONDS = 5.0
_LINGER_SECONDS = 0.02
T = TypeVar("T")


class ProxyLoop:
    """The thread of the event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="proxies", daemon=True)
        self._thread.start()
        self._closers: list[Callable[[], None]] = []

    def run(self, work: Coroutine[Any, Any, T], close: Callable[[], None] = lambda: None) -> T:
        """The result of a coroutine, from outside the loop; `close` is called inside it at the end."""
        self._closers.append(close)
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(_START_SECONDS)

    def stop(self) -> None:
        """End every connection, then the loop. Safe to call twice."""
        if not self._thread.is_alive():
            return
        with contextlib.suppress(TimeoutError):
            self.run(self._close_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(_START_SECONDS)
        self.loop.close()

    async def _close_all(self) -> None:
        for close in self._closers:
            close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(_LINGER_SECONDS)  # every protocol hears of its end


class Proxy:
    """Passes connections on to `upstream`, until it is told otherwise. Its methods may be called from any thread."""

    def __init__(self, name: str, loop: ProxyLoop, port: int, *, follows_commits: bool = False) -> None:
        self.name, self.port = name, port
        self.upstream: tuple[str, int] | None = None
        self.counts: Counter[str] = Counter()
        self.modes = Modes()
        self.follows_commits = follows_commits
        self.links: set[Link] = set()
        self.loop = loop.loop
        listen = self.loop.create_server(lambda: Link(self).client, LOOPBACK, port, backlog=_BACKLOG)
        self._server = loop.run(listen, self._close)

    @property
    def address(self) -> str:
        """Host and port of this side."""
        return f"{LOOPBACK}:{self.port}"

    def delay(self, seconds: float) -> None:
        """Deliver everything so much later, in both directions."""
        self._do(lambda: setattr(self.modes, "delay", seconds))

    def blackhole(self) -> None:
        """Deliver nothing: connections open and stay, bytes wait until the healing, as behind a lost route."""
        self._set_holding(True)

    def refuse(self) -> None:
        """Reset every new connection and cut the present ones."""
        self._do(lambda: setattr(self.modes, "refusing", True))
        self.cut()

    def cut(self) -> None:
        """Reset every connection, both ways."""
        self._each("cut", Link.reset)

    def half_close(self) -> None:
        """Tell every client that the server has no more to say; the other direction stays open."""
        self._each("half_closed", Link.half_close)

    def lose_answers(self, count: int, instead: bytes = b"") -> None:
        """Let the next requests through, but reset the client when the answer comes, or tell it `instead`."""
        self._do(lambda: self.modes.lose_answers(count, instead))

    def lose_commits(self, count: int, *, deliver: bool = True) -> None:
        """Let the next COMMITs through (or not even that), and reset the client before it hears the answer."""
        self._do(lambda: self.modes.lose_commits(count, deliver=deliver))

    def heal(self) -> None:
        """Only pass on from now. What was held back is delivered."""
        self._do(self.modes.heal)
        self._set_holding(False)

    def _close(self) -> None:
        self._server.close()
        for link in list(self.links):
            link.reset()

    def _set_holding(self, holding: bool) -> None:
        def switch() -> None:
            self.modes.holding = holding
            self.counts["blackholed"] += holding
            for link in list(self.links):
                link.adjust()

        self._do(switch)

    def _each(self, word: str, act: Callable[[Link], None]) -> None:
        def do() -> None:
            self.counts[word] += len(self.links)
            for link in list(self.links):
                act(link)

        self._do(do)

    def _do(self, act: Callable[[], None]) -> None:
        self.loop.call_soon_threadsafe(act)
