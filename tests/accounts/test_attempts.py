"""Wrong passwords: five for an address, known or not, and then one a minute. Guesses in parallel gain nothing."""

import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from altis.accounts import attempts, links
from altis.accounts.errors import InvalidCredentials, TooManyAttempts
from altis.accounts.hashers import Argon2Hasher
from altis.accounts.models import User
from altis.accounts.services.change_password import change_password
from altis.accounts.services.login import login
from altis.accounts.services.resend_link import resend_link
from altis.accounts.services.reset_password import request_reset, reset_password
from altis.store.gcra import Limiter
from altis.store.redis import client
from tests.accounts.conftest import NEW_PASSWORD, PASSWORD, Hints, MakeUser
from tests.api.threads import at_once

THREADS = 7  # with the test's own connection that is what the pool holds


@pytest.fixture(autouse=True)
def _counted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ALTIS_LOGIN_FAILURES = "5/300"
    monkeypatch.setattr(attempts, "_limiter", Limiter(workers=2))


@pytest.fixture
def no_redis(settings: Settings) -> None:
    engine = {**settings.CACHES["engine"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {**settings.CACHES, "engine": engine}


def told(email: str, password: str) -> str:
    """The id of who logged in, or the code of the refusal."""
    try:
        return str(login(email=email, password=password).pk)
    except (InvalidCredentials, TooManyAttempts) as refusal:
        return refusal.code


@pytest.mark.parametrize("email", ["ana@example.com", "nobody@example.com", "no address"])
def test_sixth_wrong_password_is_refused_whether_or_not_the_address_is_known(email: str, make_user: MakeUser) -> None:
    make_user()

    codes = [told(email, "wrong") for _ in range(6)]

    assert codes == ["invalid_credentials"] * 5 + ["too_many_attempts"]
    with pytest.raises(TooManyAttempts) as refusal:
        login(email=email, password="wrong")
    assert 58 <= (refusal.value.retry_after or 0) <= 60


def test_right_password_is_refused_too_and_nothing_is_hashed(make_user: MakeUser) -> None:
    make_user()
    for _ in range(5):
        told("ana@example.com", "wrong")

    with patch.object(Argon2Hasher, "verify") as checked, patch.object(Argon2Hasher, "encode") as made:
        assert told("ANA@example.com", PASSWORD) == "too_many_attempts"

    assert (checked.called, made.called) == (False, False)


def test_success_forgets_the_failures_of_that_address_alone(make_user: MakeUser) -> None:
    ana, bea = make_user(), make_user("bea@example.com")
    for _ in range(4):
        told("ana@example.com", "wrong")
        told("bea@example.com", "wrong")

    assert told("ana@example.com", PASSWORD) == ana.pk

    assert [told("ana@example.com", "wrong") for _ in range(6)].count("invalid_credentials") == 5
    assert told("bea@example.com", PASSWORD) == bea.pk


def test_nobody_is_locked_out_for_longer_than_an_interval(make_user: MakeUser, settings: Settings) -> None:
    settings.ALTIS_LOGIN_FAILURES = "2/1"
    user = make_user()
    codes = [told("ana@example.com", "wrong") for _ in range(12)]
    deadline = time.monotonic() + 5

    while told("ana@example.com", PASSWORD) != user.pk:
        assert time.monotonic() < deadline

    assert "too_many_attempts" in codes


def _hashed_by(guesses: int) -> int:
    """How many of so many wrong passwords at once reached the hasher."""
    with patch.object(Argon2Hasher, "verify", autospec=True, side_effect=Argon2Hasher.verify) as checked:
        at_once(guesses, lambda: told("ana@example.com", "wrong"), threads=THREADS)
    return checked.call_count


@pytest.mark.django_db(transaction=True)
def test_of_fifty_guesses_at_once_five_reach_the_hasher(make_user: MakeUser) -> None:
    make_user()

    assert _hashed_by(50) == 5


@pytest.mark.django_db(transaction=True)
def test_a_count_made_after_the_hash_would_let_more_through(
    make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    failures: list[str] = []
    slow: Callable[..., bool] = Argon2Hasher.verify

    def look_first(kind: str, who: str) -> None:
        if len(failures) >= 5:
            raise TooManyAttempts

    def verify(*args: Any) -> bool:
        time.sleep(0.05)  # as long as the real hash takes: the gap between looking and counting
        failures.append("wrong")
        return slow(*args)

    monkeypatch.setattr(attempts, "begin", look_first)
    monkeypatch.setattr(Argon2Hasher, "verify", verify)

    assert _hashed_by(50) > 5


def test_redis_never_learns_the_address(make_user: MakeUser) -> None:
    make_user()

    told("ana@example.com", "wrong")

    [key] = client().keys("attempts:*")
    assert key == f"attempts:login:{User.objects.get().email_index}".encode()
    assert 59_000 < client().pttl(key) <= 60_000


def test_without_redis_each_process_keeps_its_share(no_redis: None, make_user: MakeUser) -> None:
    user = make_user()

    codes = [told("ana@example.com", "wrong") for _ in range(3)]
    attempts.succeeded(user.email_index)

    assert codes == ["invalid_credentials"] * 2 + ["too_many_attempts"]
    assert told("ana@example.com", PASSWORD) == user.pk


def test_admin_log_in_is_counted_with_the_others(make_user: MakeUser) -> None:
    make_user(is_staff=True)
    for _ in range(3):
        told("ana@example.com", "wrong")
    browser = Client()
    form = {"username": "ana@example.com", "password": "wrong"}

    pages = [browser.post("/admin/login/", form) for _ in range(3)]

    assert [page.status_code for page in pages] == [200] * 3
    assert authenticate(username="ana@example.com", password=PASSWORD) is None
    browser.post("/admin/login/", {**form, "password": PASSWORD})
    assert "_auth_user_id" not in browser.session
    assert told("ana@example.com", PASSWORD) == "too_many_attempts"


def test_guesses_of_the_present_password_are_counted_too(make_user: MakeUser) -> None:
    user = make_user()
    change = {"user_id": user.pk, "new_password": NEW_PASSWORD}

    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            change_password(current_password="wrong", **change)
    with pytest.raises(TooManyAttempts):
        change_password(current_password=PASSWORD, **change)

    assert User.objects.get().check_password(PASSWORD)


def test_reset_by_link_lets_a_person_in_whom_others_keep_out(make_user: MakeUser) -> None:
    user = make_user()
    for _ in range(6):
        told("ana@example.com", "guess of somebody else")

    reset_password(token=links.token_for(user, "reset"), new_password=NEW_PASSWORD)

    assert told("ana@example.com", NEW_PASSWORD) == user.pk


def test_an_address_gets_three_e_mails_at_once(hints: Hints, make_user: MakeUser) -> None:
    user = make_user()

    for _ in range(5):
        request_reset(email="ana@example.com")
    with pytest.raises(TooManyAttempts):
        resend_link(user_id=user.pk)

    assert hints == [("accounts.send_link", (user.pk, "reset"))] * 3
    assert told("ana@example.com", PASSWORD) == user.pk


def test_off_counts_nothing(make_user: MakeUser, settings: Settings) -> None:
    settings.ALTIS_LOGIN_FAILURES = "off"
    user = make_user()

    codes = [told("ana@example.com", "wrong") for _ in range(9)]

    assert (set(codes), told("ana@example.com", PASSWORD)) == ({"invalid_credentials"}, user.pk)
    assert client().keys("attempts:*") == []


@pytest.mark.parametrize("text", ["", "5", "0/300", "5/0", "5/300:5", "-1/3", "a/b"])
def test_an_allowance_that_cannot_be_read_is_named(text: str, settings: Settings) -> None:
    settings.ALTIS_LOGIN_FAILURES = text

    with pytest.raises(ImproperlyConfigured, match="ALTIS_LOGIN_FAILURES"):
        attempts.begin("login", "x")


def test_interval_is_the_even_share_of_a_try() -> None:
    assert attempts._allowance(5, 300).interval_us == 60_000_000
