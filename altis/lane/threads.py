"""The threads in which Django works: a fixed number, fed by the event loop through one queue."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
_Work = tuple["asyncio.Future[Any]", Callable[[], Any]]


class Threads:
    """As the executors of the standard library, with a third of their cost per call.

    How many calls wait is bounded by whoever accepts connections, which stops at its own limit.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, count: int) -> None:
        self._loop = loop
        self._queue: SimpleQueue[_Work | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"django-{n}", daemon=True) for n in range(count)]
        for thread in self._threads:
            thread.start()

    def run(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """What `work` gives or raises in one of the threads. Called in the loop's own thread."""
        done: asyncio.Future[T] = self._loop.create_future()
        self._queue.put((done, work))
        return done

    def stop(self, seconds: float) -> None:
        """Take no more, and wait for what is under way, all in all this long at most."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(seconds / len(self._threads))

    def _work(self) -> None:
        while (item := self._queue.get()) is not None:
            done, work = item
            settle: Callable[[asyncio.Future[Any], Any], None]
            try:
                settle, said = _give, work()
            except BaseException as error:  # noqa: BLE001  (it belongs to whoever waits)
                settle, said = _fail, error
            with suppress(RuntimeError):  # the loop has ended first: nobody waits any more
                self._loop.call_soon_threadsafe(settle, done, said)
            del item, done, work, said


def _give(done: "asyncio.Future[Any]", said: Any) -> None:
    if not done.done():
        done.set_result(said)


def _fail(done: "asyncio.Future[Any]", error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
