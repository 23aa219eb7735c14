"""The limit of last resort: GCRA in this process at its share of the limit, bounded in memory."""

import os
import threading
import time
from collections import OrderedDict

from altis.api.limits import Limit

_MOST_KEYS = 20_000


class LocalLimiter:
    """As the Lua script, for one process: never unlimited, and never a stop for those within the limit."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or max(1, int(os.environ.get("ALTIS_API_WORKERS", "2")))
        self._lock = threading.Lock()
        self._due: OrderedDict[str, int] = OrderedDict()

    def take(self, keys: list[str], limit: Limit) -> tuple[int, int, int, int]:
        """Allowed, remaining, wait and reset in microseconds, of the tightest key."""
        share = limit.shared_by(self._workers)
        interval, room = share.interval_us, share.burst * share.interval_us
        with self._lock:
            now = time.monotonic_ns() // 1000
            due = {key: max(self._due.get(key, 0), now) for key in keys}
            ahead = max(due.values()) - now
            if ahead + interval > room:
                return 0, 0, ahead + interval - room, ahead
            for key, instant in due.items():
                self._due[key] = instant + interval
                self._due.move_to_end(key)
            while len(self._due) > _MOST_KEYS:
                self._due.popitem(last=False)
        return 1, (room - ahead - interval) // interval, 0, ahead + interval
