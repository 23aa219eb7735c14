"""Rate limits on the lane: counted in Redis together with the operation's own work, by the same lines of Lua."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from altis.api.throttling import Verdict, keys_of, take_alone, verdict_of
from altis.lane.operation import Operation
from altis.lane.pipe import Pipe, Script, Value
from altis.store.gcra import SCRIPT, Limit, Taken
from altis.store.redis import StoreDown

_SEARCH = Path(__file__).parent / "lua" / "search.lua"
_REST_SECONDS = 1.0  # as the limiter of Django's side
_MOST_REFUSED = 10_000


class Limits:
    """Counts requests, and keeps what a search has made, in one round trip; by itself when Redis is away."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        count, search = SCRIPT.read_text(encoding="utf-8"), _SEARCH.read_text(encoding="utf-8")
        self._count = _script(count)
        self._count_and_keep = _script(f"local function take(KEYS, ARGV)\n{count}\nend\n{search}")
        self._resting_until = 0.0
        self._refused: OrderedDict[tuple[str, ...], tuple[float, Taken]] = OrderedDict()
        self._patience: float = settings.CACHES["offers"]["OPTIONS"]["SOCKET_TIMEOUT"]

    def refusal(self, operation: Operation, parties: list[str]) -> Verdict | None:
        """That these parties are still over their limit, when that is known: then nothing need be asked or made.

        A refusal counts nothing, so whoever was told to wait is refused until then, whatever else happens.
        """
        if not self._refused:
            return None
        since, taken = self._refused.get((operation.rate_class, *parties), (0.0, None))
        limit = operation.limit
        if taken is None or limit is None:
            return None
        past = int((time.monotonic() - since) * 1_000_000)
        if past >= taken.wait_us:
            return None
        return verdict_of(Taken(False, 0, taken.wait_us - past, max(0, taken.reset_us - past)), limit)

    async def take(self, operation: Operation, parties: list[str]) -> Verdict | None:
        """Count a request; None where there is no limit. Without Redis this process's share of the limit counts."""
        limit = operation.limit
        if limit is None:
            return None
        if time.monotonic() >= self._resting_until:
            try:
                keys = keys_of(operation.rate_class, parties)
                answer = await self._count.run(
                    self._pipe,
                    keys=keys,
                    args=[limit.interval_us, limit.burst],
                    seconds=settings.ALTIS_REDIS_TIMEOUT_SECONDS,
                )
                return self._verdict(operation, parties, Taken(*answer), limit)
            except StoreDown:
                self._resting_until = time.monotonic() + _REST_SECONDS
        return take_alone(operation.rate_class, parties, limit)

    async def take_and_keep(
        self, operation: Operation, parties: list[str], commands: Sequence[Sequence[Value]]
    ) -> Verdict | None:
        """Count a request and, when it is allowed, carry these commands out; None where there is no limit.

        Raises StoreDown, with nothing carried out.
        """
        limit = operation.limit
        words = [word for command in commands for word in (len(command), *command)]
        answer = await self._count_and_keep.run(
            self._pipe,
            keys=keys_of(operation.rate_class, parties) if limit else (),
            args=[limit.interval_us if limit else 0, limit.burst if limit else 0, *words],
            seconds=self._patience,
        )
        return self._verdict(operation, parties, Taken(*answer), limit) if limit else None

    def _verdict(self, operation: Operation, parties: list[str], taken: Taken, limit: Limit) -> Verdict:
        if not taken.allowed:
            self._refused[(operation.rate_class, *parties)] = time.monotonic(), taken
            while len(self._refused) > _MOST_REFUSED:
                self._refused.popitem(last=False)
        return verdict_of(taken, limit)


def _script(source: str) -> Script:
    return Script(source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())
