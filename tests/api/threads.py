"""Many callers at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def at_once(count: int, call: Callable[[], T], *, threads: int = 0) -> list[T]:
    """The results of `count` calls by that many threads (or fewer), which all start together."""
    workers = threads or count
    barrier = Barrier(workers, timeout=10)

    def work(number: int) -> list[T]:
        barrier.wait()
        try:
            return [call() for _ in range(number, count, workers)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        return [result for results in pool.map(work, range(workers)) for result in results]
