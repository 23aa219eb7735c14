"""Refresh tokens: good once, and a copy of a spent one ends the whole family."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from altis.accounts import tokens
from altis.accounts.models import User
from altis.accounts.services.refresh import refresh_session
from altis.accounts.tasks import purge_refresh_tokens
from altis.shared.clock import now
from altis.shared.errors import Unauthenticated
from tests.accounts.conftest import MakeUser


def first_refresh(user: User) -> str:
    return tokens.issue_for(user).refresh or ""


def test_refresh_gives_a_new_pair(make_user: MakeUser) -> None:
    user = make_user()

    pair = refresh_session(refresh=first_refresh(user))
    following = refresh_session(refresh=pair.refresh or "")

    assert tokens.actor_of(following.access).id == user.pk
    assert OutstandingToken.objects.count() == 3


def test_used_token_is_refused_and_gives_nothing(make_user: MakeUser) -> None:
    used = first_refresh(make_user())
    refresh_session(refresh=used)

    with pytest.raises(Unauthenticated):
        refresh_session(refresh=used)

    assert (OutstandingToken.objects.count(), BlacklistedToken.objects.count()) == (2, 1)


def test_late_reuse_revokes_the_family_and_no_other(make_user: MakeUser) -> None:
    user = make_user()
    used, other = first_refresh(user), first_refresh(user)
    successor = refresh_session(refresh=used).refresh or ""

    with time_machine.travel(now() + timedelta(seconds=11)), pytest.raises(Unauthenticated):
        refresh_session(refresh=used)

    with pytest.raises(Unauthenticated):
        refresh_session(refresh=successor)
    assert refresh_session(refresh=other).kind == "user"


def test_twin_within_seconds_does_not_end_the_session(make_user: MakeUser) -> None:
    used = first_refresh(make_user())
    successor = refresh_session(refresh=used).refresh or ""

    with pytest.raises(Unauthenticated):
        refresh_session(refresh=used)

    assert refresh_session(refresh=successor).kind == "user"


def others_wait(issue: Callable[..., tokens.Pair]) -> Callable[..., tokens.Pair]:
    """Issue a pair only once somebody else waits for a lock that this transaction holds."""

    def issue_late(*args: Any, **kwargs: Any) -> tokens.Pair:
        deadline = time.monotonic() + 5
        with connection.cursor() as cursor:
            while time.monotonic() < deadline:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    return issue(*args, **kwargs)
        raise AssertionError("nobody waits")

    return issue_late


@pytest.mark.django_db(transaction=True)
def test_twins_at_once_get_one_pair(make_user: MakeUser, monkeypatch: pytest.MonkeyPatch) -> None:
    used = first_refresh(make_user())
    monkeypatch.setattr("altis.accounts.services.refresh.issue_for", others_wait(tokens.issue_for))

    def spend(_: int) -> bool:
        try:
            return bool(refresh_session(refresh=used))
        except Unauthenticated:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(spend, range(4)))

    assert (won.count(True), OutstandingToken.objects.count()) == (1, 2)


def test_other_tokens_do_not_refresh(make_user: MakeUser) -> None:
    pair = tokens.issue_for(make_user())

    for raw in (pair.access, tokens.issue_guest().access, "garbage", "", "a" * 5000):
        with pytest.raises(Unauthenticated):
            refresh_session(refresh=raw)

    assert BlacklistedToken.objects.exists() is False


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "argon2$another"}])
def test_session_ends_with_the_account_or_its_password(change: dict[str, object], make_user: MakeUser) -> None:
    refresh = first_refresh(make_user())
    User.objects.update(**change)

    with pytest.raises(Unauthenticated):
        refresh_session(refresh=refresh)

    assert OutstandingToken.objects.count() == 1


def test_token_without_a_record_is_refused(make_user: MakeUser) -> None:
    refresh = first_refresh(make_user())
    OutstandingToken.objects.all().delete()

    with pytest.raises(Unauthenticated):
        refresh_session(refresh=refresh)


def test_only_expired_records_are_purged(make_user: MakeUser) -> None:
    user = make_user()
    first_refresh(user)
    refresh_session(refresh=first_refresh(user))
    spent = BlacklistedToken.objects.get().token
    OutstandingToken.objects.filter(pk=spent.pk).update(expires_at=now() - timedelta(seconds=1))

    purge_refresh_tokens()

    assert (OutstandingToken.objects.count(), BlacklistedToken.objects.count()) == (2, 0)
