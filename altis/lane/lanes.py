"""The two operations of the lane. Order of checks as in `altis.api.views`: token, rate limit, parsing, service.

Nothing is refused here but what is over its limit, or cannot be kept: every other refusal is left to Django's view, and
nothing has been counted then. So a request is counted once, by whoever answers it; and one that is over its limit is
told so before anything is said of its body, whoever answers it.
"""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import structlog

from altis.api.throttling import Verdict, take_alone
from altis.lane import market
from altis.lane.callers import Callers
from altis.lane.flights_query import flights_query
from altis.lane.keeping import kept
from altis.lane.limits import Limits, Parties
from altis.lane.operation import Operation
from altis.lane.reading import read
from altis.lane.replies import Answer
from altis.lane.search_request import search_request
from altis.shared.errors import AltisError, TooMany
from altis.store.redis import StoreDown
from altis.telemetry import metrics

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Left:
    """A request that Django shall answer, and its body when that has been read."""

    body: bytes | None = None


UNREAD = Left()


class Lane(ABC):
    """One operation: whoever may call it, and what it costs them."""

    def __init__(self, operation: Operation, callers: Callers, limits: Limits) -> None:
        self.operation, self._callers, self._limits = operation, callers, limits

    async def answer(self, scope: Any, protocol: Any) -> Left | None:
        """None when the request is answered; else it is left to Django."""
        started = time.perf_counter()
        asked = read(self.operation, scope)
        if asked is None:
            return UNREAD
        actor = await self._callers.actor(asked.token)
        if actor is None:
            return UNREAD
        answer = Answer(self.operation, asked, protocol, started)
        return await self._serve(answer, (asked.network, f"sub:{actor.id}"), scope, protocol)

    @abstractmethod
    async def _serve(self, answer: Answer, parties: Parties, scope: Any, protocol: Any) -> Left | None: ...

    def _refused(self, answer: Answer, verdict: Verdict | None) -> bool:
        """Whether the request is over its limit; then it has been told so."""
        if verdict is None or verdict.allowed:
            return False
        metrics.rate_limited.labels(self.operation.rate_class).inc()
        answer.refuse(TooMany(retry_after=max(1, verdict.wait_seconds)), verdict)
        return True


class FlightsLane(Lane):
    """GET /v1/flights."""

    async def _serve(self, answer: Answer, parties: Parties, scope: Any, protocol: Any) -> Left | None:
        query = flights_query(scope.query_string)
        if query is None or not market.fresh():
            return UNREAD
        if self._refused(answer, self._limits.refusal(self.operation, parties)):
            return None
        try:
            body = market.flights_page(**query._asdict())
        except Exception as error:  # noqa: BLE001  (Django's view meets it as well)
            _note(error)
            return UNREAD
        verdict = await self._limits.take(self.operation, parties)
        if not self._refused(answer, verdict):
            answer.give(body, verdict)
        return None


class SearchLane(Lane):
    """POST /v1/offers/search."""

    async def _serve(self, answer: Answer, parties: Parties, scope: Any, protocol: Any) -> Left | None:
        if scope.query_string:
            return UNREAD
        body = bytes(await protocol())
        request = search_request(body) if len(body) == answer.length else None
        catalogue = market.memory() if request else None
        if request is None or catalogue is None:
            return Left(body)
        if self._refused(answer, self._limits.refusal(self.operation, parties)):
            return None
        started = time.perf_counter()
        try:
            made = market.answer(request, catalogue)
        except Exception as error:  # noqa: BLE001  (Django's view meets it as well)
            _note(error)
            return Left(body)
        await self._keep(answer, parties, made)
        metrics.offer_generation.observe(time.perf_counter() - started)
        return None

    async def _keep(self, answer: Answer, parties: Parties, made: market.MadeSearch) -> None:
        """Count the search, keep what it has made, and reply; what is not kept is not shown."""
        try:
            verdict = await self._limits.take_and_keep(self.operation, parties, kept(made))
        except StoreDown as down:
            limit = self.operation.limit
            verdict = take_alone(self.operation.rate_class, parties, limit) if limit else None
            if not self._refused(answer, verdict):
                answer.refuse(down, verdict)
            return
        if not self._refused(answer, verdict):
            answer.give(made.reply, verdict)


def _note(error: Exception) -> None:
    """A rule that the request breaks is no news; anything else is a fault of ours."""
    if not isinstance(error, AltisError):
        log.error("the lane leaves a request to Django", exc_info=error)
