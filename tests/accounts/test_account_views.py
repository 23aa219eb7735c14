"""The endpoints of one's own account, over HTTP."""

from typing import Any

import pytest
from pytest_django import Settings

from altis.accounts import links, tokens
from altis.accounts.models import User
from altis.api.auth_serializers import MeOut, UserTokensOut
from altis.shared.clock import now
from tests.accounts.conftest import NEW_PASSWORD, PASSWORD, Hints, MakeUser
from tests.clients import ApiClient, assert_problem, guest_client, user_client

PATHS = ["verify", "verify/resend", "password", "password/reset", "password/reset/confirm"]
WITH_TOKEN = ["verify/resend", "password"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def anyone() -> ApiClient:
    return ApiClient()


def post(caller: ApiClient, path: str, body: Any = None) -> Any:
    return caller.post(f"/v1/auth/{path}", body)


def assert_pair(reply: Any, user: User) -> None:
    """A new pair of tokens that are this user's."""
    assert (reply.status_code, reply["Cache-Control"]) == (200, "no-store")
    body = reply.json()
    assert (body.keys(), body["kind"]) == (UserTokensOut().fields.keys(), "user")
    assert tokens.actor_of(body["access"]).id == user.pk


@pytest.mark.parametrize("verified", [True, False])
def test_one_sees_ones_own_account(verified: bool, make_user: MakeUser) -> None:
    user = make_user(email_verified_at=now() if verified else None)

    reply = user_client(user).get("/v1/auth/me")

    expected = {"id": user.pk, "email": "ana@example.com", "email_verified": verified, "kind": "user"}
    assert (reply.status_code, reply.json(), reply["Cache-Control"]) == (200, expected, "no-store")
    assert expected.keys() == MeOut().fields.keys()


def test_link_verifies_the_address_once_and_again(anyone: ApiClient, make_user: MakeUser) -> None:
    user = make_user()
    token = links.token_for(user, "verify")

    replies = [post(anyone, "verify", {"token": token}) for _ in range(2)]

    assert [(reply.status_code, reply.json()) for reply in replies] == [(200, {"email_verified": True})] * 2
    assert user_client(user).get("/v1/auth/me").json()["email_verified"] is True


@pytest.mark.parametrize("path", ["verify", "password/reset/confirm"])
def test_every_link_that_is_no_good_gets_one_answer(path: str, anyone: ApiClient, make_user: MakeUser) -> None:
    user, shut = make_user(), make_user("bea@example.com", is_active=False)
    other: links.Purpose = "reset" if path == "verify" else "verify"
    mine: links.Purpose = "verify" if path == "verify" else "reset"
    wrong = [links.token_for(user, other), links.token_for(shut, mine), tokens.issue_for(user).access, "garbage"]
    more = {} if path == "verify" else {"new_password": NEW_PASSWORD}

    problems = [assert_problem(post(anyone, path, {"token": each, **more}), 422, "invalid_link") for each in wrong]

    assert len({problem["detail"] for problem in problems}) == 1
    assert [problem["errors"][0]["pointer"] for problem in problems] == ["/token"] * 4
    assert User.objects.exclude(email_verified_at=None).exists() is False
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


@pytest.mark.parametrize("verified", [True, False])
def test_resend_says_whether_it_was_needed(verified: bool, make_user: MakeUser, hints: Hints) -> None:
    user = make_user(email_verified_at=now() if verified else None)

    reply = post(user_client(user), "verify/resend")

    assert (reply.status_code, reply.json()) == (202, {"email_verified": verified})
    assert len(hints) == (0 if verified else 1)


def test_changed_password_gives_a_pair_and_ends_the_one_before(make_user: MakeUser) -> None:
    user = make_user()
    caller = user_client(user)

    reply = post(caller, "password", {"current_password": PASSWORD, "new_password": NEW_PASSWORD})

    assert_pair(reply, user)
    assert_problem(caller.get("/v1/auth/me"), 401, "invalid_token")
    assert post(ApiClient(), "token/refresh", {"refresh": reply.json()["refresh"]}).status_code == 200


@pytest.mark.parametrize(
    ("current", "new", "status", "code"),
    [("wrong", NEW_PASSWORD, 401, "invalid_credentials"), (PASSWORD, "12345678", 422, "weak_password")],
)
def test_refused_change_ends_nothing(current: str, new: str, status: int, code: str, make_user: MakeUser) -> None:
    caller = user_client(make_user())

    reply = post(caller, "password", {"current_password": current, "new_password": new})

    assert_problem(reply, status, code)
    assert caller.get("/v1/auth/me").status_code == 200
    assert User.objects.get().check_password(PASSWORD)


def test_reset_is_asked_for_alike_by_known_and_unknown(anyone: ApiClient, make_user: MakeUser, hints: Hints) -> None:
    make_user()
    make_user("shut@example.com", is_active=False)

    addresses = ["ana@example.com", "shut@example.com", "nobody@example.com"]
    replies = [post(anyone, "password/reset", {"email": email}) for email in addresses]

    assert [(reply.status_code, reply.content) for reply in replies] == [(202, b'{"status":"accepted"}')] * 3
    assert [(task, purpose) for task, (_, purpose) in hints] == [("accounts.send_link", "reset")] * 3
    assert_problem(post(anyone, "password/reset", {"email": "no address"}), 422, "invalid_email")


def test_confirmed_reset_gives_a_pair_once(anyone: ApiClient, make_user: MakeUser) -> None:
    user = make_user()
    body = {"token": links.token_for(user, "reset"), "new_password": NEW_PASSWORD}

    assert_pair(post(anyone, "password/reset/confirm", body), user)

    assert_problem(post(anyone, "password/reset/confirm", body), 422, "invalid_link")
    assert User.objects.get().email_verified_at is not None


def test_sixth_wrong_password_is_told_when_to_come_back(
    anyone: ApiClient, make_user: MakeUser, settings: Settings
) -> None:
    settings.ALTIS_LOGIN_FAILURES = "5/300"
    make_user()
    wrong = {"email": "ana@example.com", "password": "wrong"}

    replies = [post(anyone, "token", wrong) for _ in range(6)]

    assert [reply.status_code for reply in replies] == [401] * 5 + [429]
    assert_problem(replies[5], 429, "too_many_attempts")
    assert 58 <= int(replies[5]["Retry-After"]) <= 60


@pytest.mark.parametrize("path", [*WITH_TOKEN, "me"])
def test_who_is_no_user_may_not_ask(path: str, anyone: ApiClient, make_user: MakeUser, hints: Hints) -> None:
    shut = make_user()
    late = user_client(shut)
    User.objects.update(is_active=False)

    def ask(caller: ApiClient) -> Any:
        return caller.get("/v1/auth/me") if path == "me" else post(caller, path)

    assert_problem(ask(anyone), 401, "invalid_token")
    assert_problem(ask(guest_client()), 403, "user_token_required")
    assert_problem(ask(late), 401, "invalid_token")
    assert hints == []


_TOKEN: dict[str, object] = {"token": "a.b.c"}
_BOTH: dict[str, object] = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}


@pytest.mark.parametrize(
    ("path", "body", "code", "pointer"),
    [
        ("verify", {}, "required", "/token"),
        ("verify", {"token": 7}, "invalid_type", "/token"),
        ("verify", {"token": None}, "invalid_type", "/token"),
        ("verify", {"token": "x" * 4097}, "too_long", "/token"),
        ("verify", {"token": "a\nb"}, "invalid_characters", "/token"),
        ("verify", {**_TOKEN, "user": "usr_1"}, "unknown_field", "/user"),
        ("verify/resend", {"email": "bea@example.com"}, "unknown_field", "/email"),
        ("password", {"new_password": NEW_PASSWORD}, "required", "/current_password"),
        ("password", {**_BOTH, "new_password": "x" * 129}, "too_long", "/new_password"),
        ("password", {**_BOTH, "user_id": "usr_1"}, "unknown_field", "/user_id"),
        ("password", {**_BOTH, "new_password": ["a"]}, "invalid_type", "/new_password"),
        ("password/reset", {"email": "a" * 255}, "too_long", "/email"),
        ("password/reset", {"email": "ana@example.com\r\nBcc: x@y.z"}, "invalid_characters", "/email"),
        ("password/reset", {"email": {"a": 1}}, "invalid_type", "/email"),
        ("password/reset/confirm", _TOKEN, "required", "/new_password"),
        ("password/reset/confirm", {**_TOKEN, "new_password": ""}, "too_short", "/new_password"),
    ],
)
def test_hostile_bodies_are_refused_and_change_nothing(  # noqa: PLR0913  (the columns of the table)
    path: str, body: dict[str, object], code: str, pointer: str, make_user: MakeUser, hints: Hints
) -> None:
    user = make_user()

    reply = post(user_client(user), path, body)

    problem = assert_problem(reply, 422, code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert (hints, User.objects.get().password) == ([], user.password)


@pytest.mark.parametrize("path", PATHS)
def test_replies_are_limited_like_those_to_get_a_token(path: str, make_user: MakeUser, settings: Settings) -> None:
    settings.ALTIS_RATE_LIMITS = "token=2/60:2"
    caller = user_client(make_user())

    statuses = [post(caller, path, {"nothing": 1}).status_code for _ in range(3)]

    assert statuses == [422, 422, 429]
