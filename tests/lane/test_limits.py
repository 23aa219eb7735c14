"""The lane's limits: one count with Django's, nothing kept for whoever is over, and nothing half kept."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as present
from pytest_django import Settings

from altis.api import throttling
from altis.api.limits import limit_for
from altis.api.throttling import Verdict
from altis.lane.limits import Limits
from altis.lane.operation import Operation
from altis.lane.pipe import Pipe
from altis.lane.words import listed
from altis.store.redis import StoreDown, client
from tests.stores import own_store

pytestmark = pytest.mark.django_db
PARTIES = ("ip:192.0.2.1", "sub:gst_1")
KEEP = listed([("SET", "sch:1", b"document", "EX", 60), ("XADD", "shown", "*", "a", "b")])


@pytest.fixture
def search(settings: Settings) -> Operation:
    settings.ROOT_URLCONF = "altis.urls"
    settings.ALTIS_RATE_LIMITS = "search=1/600:3"
    return Operation("POST", "/v1/offers/search")


def _play(scene: Callable[[Limits], Awaitable[Any]], url: str = "") -> Any:
    async def play() -> Any:
        pipe = Pipe(url or present.REDIS_URL, connect_seconds=1.0)
        try:
            return await scene(Limits(pipe))
        finally:
            pipe.close()
            await asyncio.sleep(0.01)  # its end reaches the transport

    return asyncio.run(play())


def test_both_sides_count_on_one_account(search: Operation) -> None:
    async def scene(limits: Limits) -> list[Verdict | None]:
        return [await limits.take_and_keep(search, PARTIES, KEEP), await limits.take(search, PARTIES)]

    limit = limit_for("search")
    assert limit is not None
    first = throttling.take("search", list(PARTIES), limit)
    others = _play(scene)
    last = throttling.take("search", list(PARTIES), limit)

    assert [(one.allowed, one.remaining) for one in (first, *others, last)] == [
        (True, 2),
        (True, 1),
        (True, 0),
        (False, 0),
    ]
    assert (client().get("sch:1"), client().ttl("sch:1"), client().xlen("shown")) == (b"document", 60, 1)


def test_who_is_over_the_limit_keeps_nothing_and_is_remembered(search: Operation) -> None:
    async def scene(limits: Limits) -> tuple[list[bool], Verdict | None, Verdict | None]:
        allowed = [(await limits.take_and_keep(search, PARTIES, listed([]))).allowed for _ in range(3)]  # type: ignore[union-attr]  # there is a limit
        refused = await limits.take_and_keep(search, PARTIES, KEEP)
        client().delete(*throttling.keys_of("search", PARTIES))
        return allowed, refused, limits.refusal(search, PARTIES)

    allowed, refused, again = _play(scene)

    assert allowed == [True] * 3
    assert (refused.allowed, again.allowed) == (False, False)
    assert (again.wait_seconds, again.headers()) == (refused.wait_seconds, refused.headers())
    assert (client().exists("sch:1"), client().exists("shown")) == (0, 0)


def test_nobody_is_remembered_who_was_not_refused(search: Operation) -> None:
    async def scene(limits: Limits) -> list[Verdict | None]:
        await limits.take(search, PARTIES)
        return [limits.refusal(search, PARTIES), limits.refusal(search, ("ip:192.0.2.2",))]

    assert _play(scene) == [None, None]


def test_without_limits_it_is_kept_all_the_same(search: Operation, settings: Settings) -> None:
    settings.ALTIS_RATE_LIMITS = "off"

    async def scene(limits: Limits) -> Verdict | None:
        return await limits.take_and_keep(search, PARTIES, KEEP)

    assert _play(scene) is None
    assert client().get("sch:1") == b"document"


def test_a_full_store_keeps_nothing(search: Operation, tmp_path: Path) -> None:
    async def scene(limits: Limits) -> None:
        with pytest.raises(StoreDown):
            await limits.take_and_keep(search, PARTIES, KEEP)

    with own_store(tmp_path) as (small, url):
        small.config_set("maxmemory", 1)
        _play(scene, url)

        assert small.dbsize() == 0


def test_without_redis_a_search_is_refused_and_a_list_counts_alone(search: Operation) -> None:
    async def scene(limits: Limits) -> Verdict | None:
        with pytest.raises(StoreDown):
            await limits.take_and_keep(search, PARTIES, KEEP)
        return await limits.take(search, ("ip:192.0.2.3",))

    verdict = _play(scene, "redis://127.0.0.1:1/0")

    assert (verdict.allowed, verdict.remaining) == (True, 0)  # one of two workers' share of three
