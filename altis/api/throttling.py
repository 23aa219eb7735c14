"""Rate limits by GCRA: in Redis by its own clock, exact under concurrency; in this process when Redis is away."""

import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from altis.api.addresses import client_ip, network_of
from altis.api.auth import caller_of
from altis.api.limits import Limit, limit_for
from altis.api.local_limits import LocalLimiter
from altis.shared.errors import TooMany
from altis.store.redis import StoreDown, client, reaching_redis, script
from altis.telemetry import metrics

__all__ = ["RateLimit", "Verdict", "client_ip", "take"]

log = structlog.get_logger(__name__)
_GCRA = Path(__file__).parent / "lua" / "gcra.lua"
_PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the limiter said of one request; times in whole seconds, rounded up."""

    limit: Limit
    allowed: bool
    remaining: int
    wait_seconds: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """`RateLimit-*`: how many at once, how many now, and when all of them are back."""
        return {
            "RateLimit-Limit": str(self.limit.burst),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
            "RateLimit-Policy": f"{self.limit.count};w={self.limit.seconds};burst={self.limit.burst}",
        }


class RateLimit(BaseThrottle):
    """Per customer and per address, both in one round trip; before idempotency, so that replays count too."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """True and the verdict on the view, or raises TooMany."""
        limit = limit_for(view.rate_class)
        if limit is None or request.method == "OPTIONS":
            return True
        parties = [f"ip:{network_of(client_ip(request))}"]
        caller = caller_of(request)
        if caller is not None:
            parties.append(f"sub:{caller.id}")
        view.verdict = take(view.rate_class, parties, limit)
        if not view.verdict.allowed:
            metrics.rate_limited.labels(view.rate_class).inc()
            raise TooMany(retry_after=max(1, view.verdict.wait_seconds))
        return True


def take(rate_class: str, parties: list[str], limit: Limit) -> Verdict:
    """Count one request of this class against every party, or against none when one of them is over its limit."""
    # The braces are a hash tag: in a Redis cluster all parties of a class live in one slot, as one script needs them.
    keys = [f"rate:{{{rate_class}}}:{party}" for party in parties]
    try:
        answer = _remote.take(keys, limit)
    except StoreDown:
        answer = _local.take(keys, limit)
    allowed, remaining, wait, reset = answer
    return Verdict(limit, bool(allowed), remaining, _seconds(wait), _seconds(reset))


class _Remote:
    """Redis, left alone for a second after each failure so that its time-out is not paid by every request."""

    def __init__(self) -> None:
        self._away_until = 0.0

    def take(self, keys: list[str], limit: Limit) -> tuple[int, int, int, int]:
        if time.monotonic() < self._away_until:
            raise StoreDown
        try:
            with reaching_redis():
                allowed, remaining, wait, reset = script(_GCRA)(
                    keys=keys, args=[limit.interval_us, limit.burst], client=client()
                )
        except StoreDown:
            self._away_until = time.monotonic() + _PAUSE_SECONDS
            log.warning("rate limits are local: redis is away")
            raise
        return allowed, remaining, wait, reset


def _seconds(microseconds: int) -> int:
    return math.ceil(microseconds / 1_000_000)


# One per process on purpose: the local limit is this worker's share of the whole.
_local = LocalLimiter()
_remote = _Remote()
