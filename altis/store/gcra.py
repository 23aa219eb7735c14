"""Rate limits by GCRA: in Redis by its own clock, exact under concurrency; in this process when Redis is away."""

import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import structlog

from altis.store.redis import StoreDown, client, reaching_redis, run

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 1.0
SCRIPT = Path(__file__).parent / "lua" / "gcra.lua"
_MOST_KEYS = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`count` requests in `seconds`, `burst` of them at once."""

    count: int
    seconds: int
    burst: int

    @property
    def interval_us(self) -> int:
        """Microseconds between two requests of a steady caller."""
        return max(1, self.seconds * 1_000_000 // self.count)

    def shared_by(self, workers: int) -> "Limit":
        """One worker's part of this limit, at least one request."""
        return Limit(self.count, self.seconds * workers, max(1, self.burst // workers))


class Taken(NamedTuple):
    """What was said of one request, of the tightest key; times in microseconds."""

    allowed: bool
    remaining: int
    wait_us: int
    reset_us: int


class LocalLimiter:
    """As the Lua script, for one process: never unlimited, fair within the limit, bounded in memory."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or max(1, int(os.environ.get("ALTIS_API_WORKERS", "2")))
        self._lock = threading.Lock()
        self._due: OrderedDict[str, int] = OrderedDict()

    def take(self, keys: list[str], limit: Limit) -> Taken:
        """Count one request against every key, or against none, at this process's share of the limit."""
        share = limit.shared_by(self._workers)
        interval, room = share.interval_us, share.burst * share.interval_us
        with self._lock:
            now = time.monotonic_ns() // 1000
            due = {key: max(self._due.get(key, 0), now) for key in keys}
            ahead = max(due.values()) - now
            if ahead + interval > room:
                return Taken(False, 0, ahead + interval - room, ahead)
            for key, instant in due.items():
                self._due[key] = instant + interval
                self._due.move_to_end(key)
            while len(self._due) > _MOST_KEYS:
                self._due.popitem(last=False)
        return Taken(True, (room - ahead - interval) // interval, 0, ahead + interval)

    def forget(self, key: str) -> None:
        """Count from the beginning."""
        with self._lock:
            self._due.pop(key, None)


class Limiter:
    """Redis, left alone for a second after each failure so that its time-out is not paid by every request."""

    def __init__(self, workers: int | None = None) -> None:
        self.local = LocalLimiter(workers)
        self.away_until = 0.0

    def take(self, keys: list[str], limit: Limit) -> Taken:
        """Count one request against every key, or against none when one of them is over its limit."""
        if time.monotonic() >= self.away_until:
            try:
                return self._take(keys, limit)
            except StoreDown:
                self.away_until = time.monotonic() + PAUSE_SECONDS
                log.warning("limits are local: redis is away")
        return self.local.take(keys, limit)

    def forget(self, key: str) -> None:
        """Count from the beginning, here and, if it answers, in Redis."""
        self.local.forget(key)
        try:
            with reaching_redis():
                client().delete(key)
        except StoreDown:
            log.warning("a limit is not forgotten: redis is away")

    def _take(self, keys: list[str], limit: Limit) -> Taken:
        with reaching_redis():
            answer = run(SCRIPT, keys, [limit.interval_us, limit.burst], client=client())
        allowed, remaining, wait, reset = answer
        return Taken(bool(allowed), remaining, wait, reset)
