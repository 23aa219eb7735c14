"""The authentication endpoints, over HTTP."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from altis.accounts.models import User
from altis.accounts.tokens import actor_of
from altis.api.auth_serializers import GuestTokenOut, UserTokensOut
from tests.accounts.conftest import PASSWORD, MakeUser

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
Reply = Any  # the test client adds json() to a response, in a class without a public name
Post = Callable[..., Reply]
pytestmark = pytest.mark.django_db


@pytest.fixture
def post() -> Post:
    """POST a JSON body to a path under /v1/auth."""

    def send(path: str, body: object = None, **more: Any) -> Reply:
        return Client().post(f"/v1/auth/{path}", body or {}, content_type="application/json", **more)

    return send


def assert_problem(reply: Reply, status: int, code: str) -> dict[str, Any]:
    problem = reply.json()
    assert (reply.status_code, problem["code"], problem["status"]) == (status, code, status)
    assert reply["Content-Type"].startswith("application/problem+json")
    return dict(problem)


def test_guest_gets_a_token(post: Post) -> None:
    reply = post("guest")

    body = reply.json()
    assert (reply.status_code, body.keys()) == (201, GuestTokenOut().fields.keys())
    assert (body["token_type"], body["kind"], reply["Cache-Control"]) == ("Bearer", "guest", "no-store")
    assert INSTANT.fullmatch(body["expires_at"])
    assert actor_of(body["access"]).kind == "guest"


def test_nothing_is_asked_of_a_guest(post: Post) -> None:
    assert post("guest", {}).status_code == 201
    assert_problem(post("guest", {"name": "Ana"}), 422, "unknown_field")


def test_customer_registers_logs_in_and_refreshes(post: Post) -> None:
    credentials = {"email": "ana@example.com", "password": PASSWORD}

    registered = post("register", credentials)
    logged_in = post("token", {**credentials, "email": "ANA@example.com"})
    refreshed = post("token/refresh", {"refresh": logged_in.json()["refresh"]})

    assert [reply.status_code for reply in (registered, logged_in, refreshed)] == [201, 200, 200]
    for reply in (registered, logged_in, refreshed):
        body = reply.json()
        assert (body.keys(), body["kind"]) == (UserTokensOut().fields.keys(), "user")
        assert reply["Cache-Control"] == "no-store"
        assert actor_of(body["access"]).id == User.objects.get().pk


def test_used_refresh_token_is_refused(post: Post) -> None:
    first = post("register", {"email": "ana@example.com", "password": PASSWORD}).json()["refresh"]
    post("token/refresh", {"refresh": first})

    reply = post("token/refresh", {"refresh": first})

    assert_problem(reply, 401, "invalid_token")


def test_taken_address_is_a_conflict(post: Post, make_user: MakeUser) -> None:
    make_user()

    reply = post("register", {"email": "ana@example.com", "password": PASSWORD})

    assert_problem(reply, 409, "email_taken")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"email": "ana@example.com", "password": "12345678"}, "weak_password", "/password"),
        ({"email": "nobody", "password": PASSWORD}, "invalid_email", "/email"),
        ({"email": "ana@example.com"}, "required", "/password"),
        ({"email": "ana@example.com", "password": "x" * 129}, "too_long", "/password"),
        ({"email": "a" * 255, "password": PASSWORD}, "too_long", "/email"),
        ({"email": 7, "password": PASSWORD}, "invalid_type", "/email"),
        ({"email": "ana@example.com", "password": PASSWORD, "is_staff": True}, "unknown_field", "/is_staff"),
    ],
)
def test_bad_registration_is_refused_and_leaves_nothing(
    body: dict[str, object], code: str, pointer: str, post: Post
) -> None:
    reply = post("register", body)

    problem = assert_problem(reply, 422, code)
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert User.objects.exists() is False


@pytest.mark.parametrize("body", [{"email": "ana@example.com", "password": "x"}, {"email": "no", "password": PASSWORD}])
def test_wrong_credentials_are_unauthenticated(body: dict[str, object], post: Post, make_user: MakeUser) -> None:
    make_user()

    assert_problem(post("token", body), 401, "invalid_credentials")


@pytest.mark.parametrize("path", ["guest", "register", "token", "token/refresh"])
def test_other_methods_and_media_types_are_problems(path: str) -> None:
    assert_problem(Client().get(f"/v1/auth/{path}"), 405, "method_not_allowed")
    reply = Client().post(f"/v1/auth/{path}", "a=b", content_type="application/x-www-form-urlencoded")
    assert_problem(reply, 415, "unsupported_media_type")


def test_bad_token_does_not_hinder_a_log_in(post: Post, make_user: MakeUser) -> None:
    make_user()

    reply = post("token", {"email": "ana@example.com", "password": PASSWORD}, HTTP_AUTHORIZATION="Bearer expired")

    assert reply.status_code == 200


def test_log_ins_are_limited_per_address(post: Post, settings: Settings) -> None:
    settings.ALTIS_RATE_LIMITS = "token=3/60:3"

    replies = [post("guest", REMOTE_ADDR="203.0.113.77") for _ in range(4)]

    assert [reply.status_code for reply in replies] == [201, 201, 201, 429]
    assert_problem(replies[3], 429, "rate_limited")
