"""Rate limits on the lane: counted in Redis together with the operation's own work, by the same lines of Lua."""

import hashlib
import time
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from altis.api.throttling import Verdict, keys_of, take_alone, verdict_of
from altis.lane.operation import Operation
from altis.lane.pipe import Pipe, Script
from altis.lane.words import Words, packed
from altis.store.gcra import SCRIPT, Limit, Taken
from altis.store.redis import StoreDown

_SEARCH = Path(__file__).parent / "lua" / "search.lua"
_REST_SECONDS = 1.0  # as the limiter of Django's side
_MOST_REFUSED = 10_000
_UNLIMITED = packed(0, 0, 0)
Parties = tuple[str, ...]


class Limits:
    """Counts requests, and keeps what a search has made, in one round trip; by itself when Redis is away."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        count, search = SCRIPT.read_text(encoding="utf-8"), _SEARCH.read_text(encoding="utf-8")
        self._count = _script(count)
        self._count_and_keep = _script(f"local function take(KEYS, ARGV)\n{count}\nend\n{search}")
        self._resting_until = 0.0
        self._refused: OrderedDict[tuple[str, Parties], tuple[float, Taken]] = OrderedDict()
        self._patience: float = settings.CACHES["offers"]["OPTIONS"]["SOCKET_TIMEOUT"]

    def refusal(self, operation: Operation, parties: Parties) -> Verdict | None:
        """That these parties are still over their limit, when that is known: then nothing need be asked or made.

        A refusal counts nothing, so whoever was told to wait is refused until then, whatever else happens.
        """
        if not self._refused:
            return None
        since, taken = self._refused.get((operation.rate_class, parties), (0.0, None))
        limit = operation.limit
        if taken is None or limit is None:
            return None
        past = int((time.monotonic() - since) * 1_000_000)
        if past >= taken.wait_us:
            return None
        return verdict_of(Taken(False, 0, taken.wait_us - past, max(0, taken.reset_us - past)), limit)

    async def take(self, operation: Operation, parties: Parties) -> Verdict | None:
        """Count a request; None where there is no limit. Without Redis this process's share of the limit counts."""
        limit = operation.limit
        if limit is None:
            return None
        if time.monotonic() >= self._resting_until:
            try:
                counted = _counted(operation.rate_class, parties, limit.interval_us, limit.burst)
                answer = await self._count.send(self._pipe, counted, seconds=settings.ALTIS_REDIS_TIMEOUT_SECONDS)
                return self._verdict(operation, parties, Taken(*answer), limit)
            except StoreDown:
                self._resting_until = time.monotonic() + _REST_SECONDS
        return take_alone(operation.rate_class, parties, limit)

    async def take_and_keep(self, operation: Operation, parties: Parties, commands: Words) -> Verdict | None:
        """Count a request and, when it is allowed, carry these commands (`listed`) out; None where there is no limit.

        Raises StoreDown, with nothing carried out.
        """
        limit = operation.limit
        counted = _counted(operation.rate_class, parties, limit.interval_us, limit.burst) if limit else _UNLIMITED
        answer = await self._count_and_keep.send(self._pipe, counted, commands, seconds=self._patience)
        return self._verdict(operation, parties, Taken(*answer), limit) if limit else None

    def _verdict(self, operation: Operation, parties: Parties, taken: Taken, limit: Limit) -> Verdict:
        if not taken.allowed:
            self._refused[operation.rate_class, parties] = time.monotonic(), taken
            while len(self._refused) > _MOST_REFUSED:
                self._refused.popitem(last=False)
        return verdict_of(taken, limit)


@lru_cache(maxsize=8192)
def _counted(rate_class: str, parties: Parties, interval_us: int, burst: int) -> Words:
    """What `gcra.lua` is told: customers come back, so it is packed once for each."""
    keys = keys_of(rate_class, parties)
    return packed(len(keys), *keys, interval_us, burst)


def _script(source: str) -> Script:
    return Script(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())
