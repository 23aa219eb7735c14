"""Who calls: from memory, or, for tokens that were not verified lately, by one query for all that wait."""

import asyncio
from functools import partial

import structlog
from django.db import close_old_connections

from altis.accounts.tokens import actors_of, remembered
from altis.lane.threads import Threads
from altis.shared.actors import Actor
from altis.shared.errors import Unauthenticated

log = structlog.get_logger(__name__)
_MOST_AT_ONCE = 500


class Callers:
    """`altis.accounts.tokens` for the event loop: the same memory, the same five seconds, no query in the loop."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._waiting: dict[str, asyncio.Future[Actor | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def actor(self, token: str) -> Actor | None:
        """Whose token (ASCII) this is; None when Django shall say why that cannot be told."""
        try:
            return remembered(token) or await self._verified(token)
        except Unauthenticated:
            return None

    async def _verified(self, token: str) -> Actor | None:
        if token not in self._waiting:
            self._waiting[token] = asyncio.get_running_loop().create_future()
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        # Shielded: others may wait for the same answer.
        return await asyncio.shield(self._waiting[token])

    async def _ask(self) -> None:
        """One batch after the other: while one is looked up the next one grows."""
        try:
            while self._waiting:
                batch = dict(list(self._waiting.items())[:_MOST_AT_ONCE])
                for token in batch:
                    del self._waiting[token]
                for future, actor in zip(batch.values(), await self._look(list(batch)), strict=True):
                    if not future.done():
                        future.set_result(actor)
        finally:
            self._asking = None

    async def _look(self, tokens: list[str]) -> list[Actor | None]:
        try:
            return await self._threads.run(partial(_look, tokens))
        except Exception as error:  # noqa: BLE001  (Django will meet the same and say so in the reply)
            log.warning("tokens could not be verified", error=type(error).__name__)
            return [None] * len(tokens)


def _look(tokens: list[str]) -> list[Actor | None]:
    close_old_connections()
    try:
        return actors_of(tokens)
    finally:
        close_old_connections()
