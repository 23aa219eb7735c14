"""Rate limits: exact under concurrency, per customer and per address, and never away."""

from types import SimpleNamespace

import pytest
from django.test import override_settings

from altis.accounts.models import User
from altis.accounts.services.refresh import refresh_session
from altis.accounts.tokens import issue_for, issue_guest
from altis.api import throttling
from altis.api.limits import OpenHolds, limit_for, open_holds
from altis.shared.errors import TooMany
from altis.store import gcra
from altis.store.gcra import Limit, Limiter, LocalLimiter
from altis.store.redis import client
from tests.api.callers import Caller, assert_problem
from tests.api.threads import at_once
from tests.store.away import redis_nowhere

TEN = Limit(count=10, seconds=600, burst=10)
HELLO = b'{"name": "a"}'


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "_limiter", Limiter(workers=2))


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

    assert 59_000 < client().pttl("rate:{x}:ip:a") <= 60_000


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


@pytest.mark.django_db
@override_settings(ALTIS_RATE_LIMITS="echo=2/60:2", ALTIS_TRUSTED_PROXY_COUNT=1)
def test_a_refreshed_token_brings_no_new_limit() -> None:
    user = User.objects.create_user("someone@example.com", "correct horse battery")
    pairs = [issue_for(user)]
    for _ in range(2):
        pairs.append(refresh_session(refresh=pairs[-1].refresh or ""))

    callers = [Caller(pair.access) for pair in (*pairs, issue_for(user))]
    statuses = [
        caller.post("/v1/echo", HELLO, X_Forwarded_For=f"203.0.113.{last}").status_code
        for last, caller in enumerate(callers)
    ]

    assert statuses == [200, 200, 429, 429]


@pytest.mark.django_db
@override_settings(ALTIS_RATE_LIMITS="echo=2/60:2")
def test_another_spelling_of_the_path_is_the_same_limit_or_no_operation(guest: Caller) -> None:
    paths = ("/v1/echo", "/V1/echo", "/v1/ECHO", "/v1//echo", "/v1/echo/", "/v1/%65cho", "/v1/echo?a=1", "/v1/echo")

    statuses = [guest.post(path, HELLO).status_code for path in paths]

    assert statuses == [200, 404, 404, 404, 404, 200, 429, 429]


@pytest.mark.django_db
@override_settings(ALTIS_RATE_LIMITS="default=2/60:2")
def test_head_counts_as_get_and_options_as_nothing(anyone: Caller) -> None:
    replies = [anyone.send(method, "/v1/events") for method in ("OPTIONS", "HEAD", "GET", "HEAD", "OPTIONS")]

    assert [reply.status_code for reply in replies] == [204, 200, 200, 429, 204]
    assert [reply.get("RateLimit-Remaining") for reply in replies] == [None, "1", "0", "0", None]


@pytest.mark.django_db(transaction=True)
@override_settings(ALTIS_RATE_LIMITS="default=2/60:2")
def test_replays_count_since_the_limit_comes_before_the_key(guest: Caller) -> None:
    replies = [guest.post("/v1/effects", b'{"name": "do"}', Idempotency_Key="k") for _ in range(3)]

    assert [reply.status_code for reply in replies] == [201, 201, 429]
    assert [reply.get("Idempotent-Replay") for reply in replies] == [None, "true", None]
    assert [reply["RateLimit-Remaining"] for reply in replies] == ["1", "0", "0"]


@pytest.mark.django_db(transaction=True)
@override_settings(ALTIS_RATE_LIMITS="default=9/60:9,echo=9/60:9")
def test_refusals_say_what_is_left_as_well(guest: Caller) -> None:
    guest.post("/v1/effects", b'{"name": "do"}', Idempotency_Key="k")
    refusals = [
        guest.post("/v1/effects", b'{"name": "conflict"}'),
        guest.post("/v1/effects", b'{"name": "declined"}'),
        guest.post("/v1/effects", b'{"name": "other"}', Idempotency_Key="k"),
        guest.post("/v1/effects", b"{", Idempotency_Key=""),
        guest.post("/v1/effects", b"{"),
        guest.post("/v1/effects", b'{"nome": "do"}'),
        guest.post("/v1/effects", b"name", content_type="text/plain"),
        guest.send("GET", "/v1/effects"),
    ]

    assert [reply.status_code for reply in refusals] == [409, 402, 422, 400, 400, 422, 415, 405]
    assert [reply["RateLimit-Remaining"] for reply in refusals] == [str(8 - count) for count in range(1, 9)]


@pytest.mark.django_db
@override_settings(ALTIS_RATE_LIMITS="default=9/60:9")
def test_who_is_not_known_or_not_allowed_uses_no_limit_up(guest: Caller) -> None:
    replies = [Caller("forged").get("/v1/own/1"), guest.get("/v1/own/1"), guest.get("/v1/nowhere")]

    assert [reply.status_code for reply in replies] == [401, 403, 404]
    assert [reply.has_header("RateLimit-Limit") for reply in replies] == [False, False, False]
    assert list(client().scan_iter("rate:*")) == []


@pytest.mark.django_db
@override_settings(ALTIS_RATE_LIMITS="echo=10/600:10")
def test_without_redis_callers_see_the_same_limit_at_half_its_rate(no_redis: None, guest: Caller) -> None:
    replies = [guest.post("/v1/echo", HELLO) for _ in range(7)]

    assert [reply.status_code for reply in replies] == [*[200] * 5, 429, 429]
    assert [reply["RateLimit-Remaining"] for reply in replies] == ["4", "3", "2", "1", "0", "0", "0"]
    assert 119 <= int(replies[5]["Retry-After"]) <= 120  # two workers: one call in two minutes each


def test_when_redis_is_back_it_counts_again_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = Limiter(workers=2)
    monkeypatch.setattr(gcra, "client", redis_nowhere)
    away = limiter.take(["k"], TEN)
    monkeypatch.setattr(gcra, "client", client)

    resting = limiter.take(["k"], TEN)
    limiter.away_until -= gcra.PAUSE_SECONDS

    assert (away.remaining, resting.remaining) == (4, 3)  # of this worker's half
    assert limiter.take(["k"], TEN)[:2] == (True, 9)


def test_a_local_limit_lets_one_more_pass_after_each_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    now, limiter = iter([0, 0, 0, 119_999_999, 120_000_000, 120_000_000]), LocalLimiter(workers=2)
    clock = SimpleNamespace(monotonic_ns=lambda: 10**15 + next(now) * 1000)
    monkeypatch.setattr("altis.store.gcra.time", clock)
    limit = Limit(count=10, seconds=600, burst=4)

    answers = [limiter.take(["a"], limit) for _ in range(6)]

    assert [allowed for allowed, *_ in answers] == [1, 1, 0, 0, 1, 0]
    assert [wait for _, _, wait, _ in answers] == [0, 0, 120_000_000, 1, 0, 120_000_000]


def test_without_redis_each_worker_keeps_its_share(no_redis: None) -> None:
    verdicts = at_once(60, lambda: throttling.take("x", ["ip:a"], TEN), threads=8)

    assert sum(verdict.allowed for verdict in verdicts) == 5


def test_the_local_limiter_forgets_the_oldest_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gcra, "_MOST_KEYS", 3)
    limiter = LocalLimiter(workers=1)

    for name in "abcd":
        limiter.take([name], TEN)

    assert limiter.take(["d"], TEN)[1] == 8
    assert limiter.take(["a"], TEN)[1] == 9


def test_what_is_spent_is_told_and_a_request_too_many_is_refused_with_its_verdict() -> None:
    with override_settings(ALTIS_RATE_LIMITS="x=1/60:1"):
        spent = throttling.spend("x", ["ip:a"])
        with pytest.raises(TooMany) as refusal:
            throttling.spend("x", ["ip:a"])
    with override_settings(ALTIS_RATE_LIMITS="off"):
        unlimited = throttling.spend("x", ["ip:a"])

    assert spent is not None
    assert (spent.allowed, spent.remaining, unlimited) == (True, 0, None)
    assert isinstance(refusal.value, throttling.OverLimit)
    assert (refusal.value.verdict.allowed, refusal.value.retry_after, refusal.value.code) == (False, 60, "rate_limited")


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
