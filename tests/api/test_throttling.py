"""Rate limits: exact under concurrency, per customer and per address, and never away."""

import pytest
from django.test import override_settings

from altis.accounts.tokens import issue_guest
from altis.api import throttling
from altis.api.limits import Limit, OpenHolds, limit_for, open_holds
from altis.api.local_limits import LocalLimiter
from altis.store.redis import client
from tests.api.callers import Caller, assert_problem
from tests.api.threads import at_once

TEN = Limit(count=10, seconds=600, burst=10)
HELLO = b'{"name": "a"}'


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "_local", LocalLimiter(workers=2))
    monkeypatch.setattr(throttling, "_remote", throttling._Remote())


@pytest.fixture
def no_redis(settings: pytest.FixtureRequest) -> None:
    engine = {**settings.CACHES["engine"], "LOCATION": "redis://127.0.0.1:1/0"}  # type: ignore[attr-defined]  # pytest-django's wrapper is untyped
    settings.CACHES = {**settings.CACHES, "engine": engine}  # type: ignore[attr-defined]  # as above


def test_two_hundred_at_once_pass_exactly_ten_times() -> None:
    verdicts = at_once(200, lambda: throttling.take("x", ["ip:a", "sub:b"], TEN), threads=16)

    assert sum(verdict.allowed for verdict in verdicts) == 10
    assert sorted(verdict.remaining for verdict in verdicts if verdict.allowed) == list(range(10))


def test_who_is_refused_by_one_party_costs_the_other_nothing() -> None:
    for _ in range(12):
        throttling.take("x", ["ip:a", "sub:one"], TEN)

    assert throttling.take("x", ["sub:one"], TEN).allowed is False
    assert throttling.take("x", ["ip:b", "sub:two"], TEN).remaining == 9
    assert throttling.take("x", ["ip:a", "sub:two"], TEN).allowed is False
    assert throttling.take("x", ["sub:two"], TEN).remaining == 8


def test_one_more_passes_after_each_interval() -> None:
    limit = Limit(count=100, seconds=1, burst=2)
    verdicts = [throttling.take("x", ["ip:a"], limit) for _ in range(3)]

    assert [verdict.allowed for verdict in verdicts] == [True, True, False]
    assert verdicts[2].wait_seconds == 1
    while not throttling.take("x", ["ip:a"], limit).allowed:
        pass
    assert throttling.take("x", ["ip:a"], limit).remaining == 0


def test_keys_leave_redis_when_their_limit_is_whole_again() -> None:
    throttling.take("x", ["ip:a"], TEN)

    assert 59_000 < client().pttl("rate:x:ip:a") <= 60_000


@pytest.mark.django_db
@override_settings(ALTIS_RATE_LIMITS="echo=2/60:2,default=9/60:9")
def test_a_limited_reply_says_what_is_left(guest: Caller) -> None:
    replies = [guest.post("/v1/echo", HELLO) for _ in range(3)]

    names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    assert [[reply[name] for name in names] for reply in replies[:2]] == [["2", "1", "30"], ["2", "0", "60"]]
    assert_problem(replies[2], 429, "rate_limited")
    assert (replies[2]["Retry-After"], replies[2]["RateLimit-Remaining"]) == ("30", "0")
    assert guest.get("/v1/events")["RateLimit-Limit"] == "9"


@pytest.mark.django_db
@override_settings(ALTIS_RATE_LIMITS="echo=2/60:2")
def test_another_token_from_the_same_address_shares_its_limit(guest: Caller) -> None:
    other = Caller(issue_guest().access)
    spoofed = {"X_Forwarded_For": "203.0.113.9"}

    statuses = [caller.post("/v1/echo", HELLO, **spoofed).status_code for caller in (guest, guest, other, guest)]

    assert statuses == [200, 200, 429, 429]
    assert guest.get("/v1/events").has_header("RateLimit-Limit") is False


@pytest.mark.django_db
@override_settings(ALTIS_RATE_LIMITS="echo=2/60:2", ALTIS_TRUSTED_PROXY_COUNT=1)
def test_behind_a_trusted_proxy_the_customer_is_limited_wherever_they_call_from(guest: Caller) -> None:
    other = Caller(issue_guest().access)

    statuses = [guest.post("/v1/echo", HELLO, X_Forwarded_For=f"203.0.113.{last}").status_code for last in range(3)]

    assert statuses == [200, 200, 429]
    assert other.post("/v1/echo", HELLO, X_Forwarded_For="203.0.113.0").status_code == 200


def test_without_redis_each_worker_keeps_its_share(no_redis: None) -> None:
    verdicts = at_once(60, lambda: throttling.take("x", ["ip:a"], TEN), threads=8)

    assert sum(verdict.allowed for verdict in verdicts) == 5


def test_the_local_limiter_forgets_the_oldest_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("altis.api.local_limits._MOST_KEYS", 3)
    limiter = LocalLimiter(workers=1)

    for name in "abcd":
        limiter.take([name], TEN)

    assert limiter.take(["d"], TEN)[1] == 8
    assert limiter.take(["a"], TEN)[1] == 9


@override_settings(ALTIS_RATE_LIMITS="search=60/60:20,default=300/60:100")
def test_a_class_without_its_own_limit_has_the_default() -> None:
    assert limit_for("search") == Limit(60, 60, 20)
    assert limit_for("pay") == Limit(300, 60, 100)
    assert limit_for("") is None


@pytest.mark.parametrize("text", ["search", "search=60", "search=0/60:1", "search=60/60:20;", "=1/1:1", ""])
def test_a_limit_that_cannot_be_read_is_named(text: str) -> None:
    with override_settings(ALTIS_RATE_LIMITS=text), pytest.raises(Exception, match="ALTIS_RATE_LIMITS"):
        limit_for("search")


@pytest.mark.parametrize(
    ("text", "caps"),
    [
        ("customer=9,ip=50", OpenHolds(9, 50)),
        ("customer=1", OpenHolds(1, None)),
        ("off", OpenHolds(None, None)),
    ],
)
def test_caps_on_open_holds_are_read(text: str, caps: OpenHolds) -> None:
    with override_settings(ALTIS_OPEN_HOLDS=text):
        assert open_holds() == caps
