"""Rate limits by GCRA: in Redis by its own clock, exact under concurrency; in this process when Redis is away."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from altis.api.addresses import client_ip, network_of
from altis.api.auth import caller_of
from altis.api.limits import limit_for
from altis.shared.errors import TooMany
from altis.store.gcra import Limit, Limiter, Taken
from altis.telemetry import metrics

__all__ = ["OverLimit", "RateLimit", "Verdict", "address_party", "client_ip", "spend", "take"]


class Verdict(NamedTuple):
    """What the limiter said of one request; times in whole seconds, rounded up."""

    limit: Limit
    allowed: bool
    remaining: int
    wait_seconds: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """`RateLimit-*`: how many at once, how many now, and when all of them are back."""
        limit = self.limit
        return {
            "RateLimit-Limit": str(limit.burst),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
            "RateLimit-Policy": _policy(limit.count, limit.seconds, limit.burst),
        }


class OverLimit(TooMany):
    """One request too many. The refusal tells what is left as well, so the verdict goes along."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(retry_after=max(1, verdict.wait_seconds))
        self.verdict = verdict


class RateLimit(BaseThrottle):
    """Per customer and per address, both in one round trip; before idempotency, so that replays count too."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """True, or raises OverLimit; either way with the verdict on the view."""
        if request.method == "OPTIONS":
            return True
        parties = [address_party(request)]
        caller = caller_of(request)
        if caller is not None:
            parties.append(f"sub:{caller.id}")
        try:
            view.verdict = spend(view.rate_class, parties)
        except OverLimit as refusal:
            view.verdict = refusal.verdict
            raise
        return True


def address_party(request: HttpRequest | Request) -> str:
    """Who is limited when nobody has said who they are: the network that the request came from."""
    return f"ip:{network_of(client_ip(request))}"


def spend(rate_class: str, parties: Sequence[str]) -> Verdict | None:
    """Count one request of this class against every party, at whichever door; None when the class has no limit.

    Raises OverLimit.
    """
    limit = limit_for(rate_class)
    if limit is None:
        return None
    verdict = take(rate_class, parties, limit)
    if not verdict.allowed:
        metrics.rate_limited.labels(rate_class).inc()
        raise OverLimit(verdict)
    return verdict


def take(rate_class: str, parties: Sequence[str], limit: Limit) -> Verdict:
    """Count one request of this class against every party, or against none when one of them is over its limit."""
    return verdict_of(_limiter.take(keys_of(rate_class, parties), limit), limit)


def take_alone(rate_class: str, parties: Sequence[str], limit: Limit) -> Verdict:
    """The same by this process alone: for whoever has found that Redis is away."""
    return verdict_of(_limiter.local.take(keys_of(rate_class, parties), limit), limit)


def keys_of(rate_class: str, parties: Sequence[str]) -> list[str]:
    """Where the requests of a class are counted."""
    # The braces are a hash tag: in a Redis cluster all parties of a class live in one slot, as one script needs them.
    return [f"rate:{{{rate_class}}}:{party}" for party in parties]


def verdict_of(taken: Taken, limit: Limit) -> Verdict:
    """What the limiter has said, in whole seconds."""
    return Verdict(limit, taken.allowed, taken.remaining, _seconds(taken.wait_us), _seconds(taken.reset_us))


@lru_cache(maxsize=64)
def _policy(count: int, seconds: int, burst: int) -> str:
    return f"{count};w={seconds};burst={burst}"


def _seconds(microseconds: int) -> int:
    return -(-microseconds // 1_000_000)


# One per process on purpose: without Redis it knows this worker's share of the whole.
_limiter = Limiter()
