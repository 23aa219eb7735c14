"""Many callers over HTTP who start together, each with a connection of its own, in one event loop."""

import asyncio
import secrets
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import httpx

from bench.torture.rig import Rig

T = TypeVar("T")
Json = dict[str, Any]
PASSENGER = {"given_name": "ADA", "family_name": "EXAMPLE", "born_on": "1990-12-10"}
ACCEPT = {"passengers": [PASSENGER], "contact": {"email": "crowd@example.com"}}
ACCOUNTS = 8  # password hashes are dear on purpose; callers share accounts, never connections
_SEARCHERS = 8
_PATIENCE_SECONDS, _PAUSE_SECONDS = 10.0, 0.1


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the problem's code or the order's status, and the bytes."""

    status: int
    word: str
    content: bytes
    body: Json

    @classmethod
    def of(cls, reply: httpx.Response) -> Self:
        """What a reply says."""
        body = reply.json()
        return cls(reply.status_code, str(body.get("code") or body.get("status", "")), reply.content, body)


class Crowd:
    """Callers of one API. Use as an asynchronous context manager."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._tokens: list[Json] = []
        self._renewing = asyncio.Lock()
        self._callers: dict[int, httpx.AsyncClient] = {}

    async def __aenter__(self) -> Self:
        for _ in range(ACCOUNTS):
            body = {"email": f"crowd-{secrets.token_hex(6)}@example.com", "password": secrets.token_urlsafe(18)}
            reply = await self._caller(0).post("/v1/auth/register", json=body)
            reply.raise_for_status()
            self._tokens.append(reply.json())
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._callers.values():
            await client.aclose()

    async def post(self, path: str, body: Json, *, key: str = "", caller: int = 0) -> Answer:
        """One call of one caller; the same number is the same account."""
        account = caller % len(self._tokens)
        headers = {"Idempotency-Key": key} if key else {}
        for _ in range(2):
            pair = self._tokens[account]
            headers["Authorization"] = f"Bearer {pair['access']}"
            reply = await self._caller(caller).post(path, json=body, headers=headers)
            if reply.status_code != httpx.codes.UNAUTHORIZED:
                break
            await self._renew(account, pair)
        return Answer.of(reply)

    async def _renew(self, account: int, old: Json) -> None:
        """A new pair for an account whose token has ended, unless another caller of it was quicker."""
        async with self._renewing:
            if self._tokens[account] is old:
                reply = await self._caller(0).post("/v1/auth/token/refresh", json={"refresh": old["refresh"]})
                reply.raise_for_status()
                self._tokens[account] = reply.json()

    def _caller(self, number: int) -> httpx.AsyncClient:
        """One client each: a pool of hundreds of connections is searched anew for every request."""
        if number not in self._callers:
            self._callers[number] = httpx.AsyncClient(base_url=self._url, timeout=60, verify=False)  # nosec B501 # HTTP
        return self._callers[number]

    async def accept(self, offer_id: str, *, key: str = "", caller: int = 0) -> Answer:
        """Accept an offer for one passenger."""
        return await self.post(f"/v1/offers/{offer_id}/accept", ACCEPT, key=key, caller=caller)

    async def offers(self, trip: Json, *, flight_id: str, count: int) -> list[str]:
        """So many offers for one adult on exactly this flight; raises LookupError when searches go on finding none."""
        gate, found = asyncio.Semaphore(_SEARCHERS), list[str]()

        async def search(number: int) -> None:
            async with gate:
                if len(found) < count:
                    found.extend(await self._offers_on(flight_id, trip, caller=number))

        async with asyncio.TaskGroup() as group:
            for number in range(count):
                group.create_task(search(number))
        return found[:count]

    async def _offers_on(self, flight_id: str, trip: Json, *, caller: int) -> list[str]:
        """Of the first search that shows some: a seat that was given back just now may be seen a second later."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            reply = await self.post("/v1/offers/search", trip, caller=caller)
            ids = [offer["id"] for offer in reply.body.get("offers", ()) if _flights(offer) == [flight_id]]
            if ids:
                return ids
            if time.monotonic() > until:
                raise LookupError(f"no offer on {flight_id}: {reply.status} {reply.word}")
            await asyncio.sleep(_PAUSE_SECONDS)


async def together(calls: Sequence[Callable[[], Awaitable[T]]]) -> list[T]:
    """Start all calls at one moment and wait for all of them."""
    start = asyncio.Event()

    async def one(call: Callable[[], Awaitable[T]]) -> T:
        await start.wait()
        return await call()

    tasks = [asyncio.ensure_future(one(call)) for call in calls]
    await asyncio.sleep(0)
    start.set()
    return await asyncio.gather(*tasks)


def words(answers: Sequence[Answer]) -> Counter[str]:
    """How often each `status word` was answered."""
    return Counter(f"{answer.status} {answer.word}" for answer in answers)


def play(rig: Rig, story: Coroutine[Any, Any, T]) -> T:
    """Run a story in a thread while the rig is looked after; its exception is raised here."""
    told: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            told.append(asyncio.run(story))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        rig.tick()
        thread.join(0.1)
    if failed:
        raise failed[0]
    return told[0]


def _flights(offer: Json) -> list[str]:
    return [segment["flight_id"] for part in offer["slices"] for segment in part["segments"]]
