"""Who calls the lane: one query for all who wait, and the same five seconds as everywhere."""

import asyncio
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from altis.accounts import tokens
from altis.accounts.models import User
from altis.accounts.tokens import actors_of, issue_for, issue_guest, remembered
from altis.lane.callers import Callers
from altis.shared.actors import Actor
from altis.shared.errors import Unauthenticated


def _users(count: int) -> list[User]:
    return [User.objects.create_user(f"u{number}@example.com", "correct horse battery") for number in range(count)]


@pytest.mark.django_db
def test_many_tokens_cost_one_query() -> None:
    users, guest = _users(3), issue_guest().access
    raws = [*(issue_for(user).access for user in users), guest]

    with CaptureQueriesContext(connection) as queries:
        found = actors_of(raws)

    assert [actor and actor.kind for actor in found] == ["user", "user", "user", "guest"]
    assert [actor and actor.id for actor in found[:3]] == [user.pk for user in users]
    assert len(queries) == 1
    assert [remembered(raw) for raw in raws] == found


@pytest.mark.django_db
def test_what_is_refused_one_by_one_is_refused_in_a_crowd() -> None:
    shut, changed, gone, good = _users(4)
    pairs = [issue_for(user) for user in (shut, changed, gone, good)]
    User.objects.filter(pk=shut.pk).update(is_active=False)
    User.objects.filter(pk=changed.pk).update(password="another")
    gone.delete()
    raws = [*(pair.access for pair in pairs), str(pairs[3].refresh), "e30.e30.e30", "", "x" * 5000]

    found = actors_of(raws)

    assert found == [None, None, None, Actor("user", good.pk), None, None, None, None]
    assert [_one_by_one(raw) for raw in raws] == found


def _one_by_one(raw: str) -> Actor | None:
    tokens.forget_verified()
    try:
        return tokens.actor_of(raw)
    except Unauthenticated:
        return None


class _Here:
    """Threads that are none, and a count of what they were given."""

    def __init__(self, fails: bool = False) -> None:
        self.calls, self.fails = 0, fails

    async def run(self, work: Any) -> Any:
        self.calls += 1
        await asyncio.sleep(0)
        if self.fails:
            raise OSError
        return work()


def _asked(threads: Any, raws: list[str], monkeypatch: pytest.MonkeyPatch) -> list[Actor | None]:
    monkeypatch.setattr("altis.lane.callers._look", lambda batch: [Actor("guest", raw) for raw in batch])

    async def play() -> list[Actor | None]:
        callers = Callers(threads)
        return await asyncio.gather(*(callers.actor(raw) for raw in raws))

    return asyncio.run(play())


def test_who_comes_while_others_are_looked_up_is_in_the_next_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: Any = _Here()
    raws = [str(number) for number in range(1200)]

    found = _asked(threads, [*raws, *raws], monkeypatch)

    assert [actor and actor.id for actor in found] == [*raws, *raws]
    assert threads.calls == 3  # of 500 at most; and nobody twice


def test_without_a_database_nobody_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _asked(_Here(fails=True), ["a", "b"], monkeypatch) == [None, None]
