"""The RSGI application: two operations by the lane, while it may and can; everything else by Django, unchanged."""

import asyncio
import gc
import sys
from collections import Counter
from typing import Any

import structlog
from django.conf import settings

from altis.lane.bridge import Application as Wsgi
from altis.lane.bridge import Bridge
from altis.lane.callers import Callers
from altis.lane.lanes import FlightsLane, Lane, SearchLane
from altis.lane.limits import Limits
from altis.lane.operation import Operation
from altis.lane.pipe import Pipe
from altis.lane.threads import Threads
from altis.telemetry import access, batching, metrics, requests

log = structlog.get_logger(__name__)
_BEAT_SECONDS = 0.1
_LAST_SECONDS = 1.0  # for what Django is still doing when the process ends
# Django's threads and the loop share the interpreter: the loop gets it back this soon.
_SWITCH_SECONDS = 0.001
_YOUNG_OBJECTS = 20_000  # before the collector looks at them
_SEARCH, _FLIGHTS = ("POST", "/v1/offers/search"), ("GET", "/v1/flights")


class Application:
    """One per process. The server calls `__rsgi_init__` before, and `__rsgi_del__` after everything else."""

    def __init__(self, django: Wsgi) -> None:
        self._django = django
        self._lanes: dict[tuple[str, str], Lane] = {}
        self._pipe: Pipe | None = None
        self._outcomes: Counter[str] = Counter()
        self._threads: Threads
        self._bridge: Bridge

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the threads; the lane opens as soon as the loop runs."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._threads = Threads(loop, threads_of())
        self._bridge = Bridge(self._django, self._threads, most_read=settings.ALTIS_MAX_BODY_BYTES)
        if settings.ALTIS_LANE:
            # Here and not with the first request: reading the URL conf takes a second.
            loop.call_soon(self._open, loop, Operation(*_SEARCH), Operation(*_FLIGHTS))

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        lane = self._lanes.get((scope.method, scope.path))
        if lane is None:
            await self._bridge.serve(scope, protocol)
            return
        left = await lane.answer(scope, protocol)
        self._outcomes["answered" if left is None else "left"] += 1
        if left is not None:
            await self._bridge.serve(scope, protocol, left.body)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """End: what Django is doing gets a second, and what was counted and noted is told."""
        self._threads.stop(_LAST_SECONDS)
        self._tell()

    def _open(self, loop: asyncio.AbstractEventLoop, search: Operation, flights: Operation) -> None:
        batching.collect()
        # What Django has loaded stays for good: the collector need not walk through it while requests wait.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG_OBJECTS, 20, 50)
        pipe = Pipe(settings.REDIS_URL, connect_seconds=settings.ALTIS_REDIS_TIMEOUT_SECONDS)
        callers, limits = Callers(self._threads), Limits(pipe)
        self._lanes = {
            _SEARCH: SearchLane(search, callers, limits),
            _FLIGHTS: FlightsLane(flights, callers, limits),
        }
        self._beat(loop)

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._tell()
        except Exception:  # a full disk under the log, say: the next beat tries again
            log.exception("the lane cannot write its lines or figures")
        loop.call_later(_BEAT_SECONDS, self._beat, loop)

    def _tell(self) -> None:
        access.flush()
        requests.flush()
        batching.flush()
        outcomes, self._outcomes = self._outcomes, Counter()
        for outcome, count in outcomes.items():
            metrics.lane.labels(outcome).inc(count)


def threads_of() -> int:
    """How many threads Django has: what the setting says, else four, but never more than database connections."""
    return int(settings.ALTIS_API_THREADS or min(4, settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]))
