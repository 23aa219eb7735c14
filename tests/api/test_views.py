"""The base of views: who may call, in which order things are checked, and what every reply carries."""

import pytest

from altis.accounts.models import User
from tests.api.callers import Caller, assert_problem

pytestmark = pytest.mark.django_db
HELLO = b'{"name": "a"}'


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Token abc",
        "Bearer a b",
        "bearer  x",
        "Basic YTpi",
        "Bearer é",
        "Bearer a.b.c",
        "x" * 5000,
    ],
)
def test_a_missing_or_malformed_token_is_401_with_one_body(anyone: Caller, header: str) -> None:
    reply = anyone.post("/v1/echo", HELLO, Authorization=header)

    document = assert_problem(reply, 401, "invalid_token")
    assert document["detail"] == "A valid bearer token is required."
    assert reply["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_guest_may_not_do_what_needs_a_user(guest: Caller, user: Caller) -> None:
    assert_problem(guest.get("/v1/own/x"), 403, "user_token_required")
    assert user.get("/v1/own/x").json() == {"names": ["user"]}


def test_a_user_who_was_shut_out_is_401(user: Caller) -> None:
    User.objects.update(is_active=False)

    assert_problem(user.get("/v1/own/x"), 401, "invalid_token")


def test_the_token_is_judged_before_the_body(anyone: Caller, guest: Caller) -> None:
    assert_problem(anyone.post("/v1/echo", b"{"), 401, "invalid_token")
    assert_problem(guest.post("/v1/echo", b"{"), 400, "malformed_request")


def test_a_public_path_looks_at_no_token(anyone: Caller) -> None:
    assert anyone.get("/v1/events", Authorization="Bearer nonsense").status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "text/html, application/xml;q=0.9", "x"])
def test_only_json_can_be_had(anyone: Caller, accept: str) -> None:
    assert_problem(anyone.get("/v1/events", Accept=accept), 406, "not_acceptable")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/*", "text/html, */*;q=0.1"])
def test_json_can_be_had(anyone: Caller, accept: str) -> None:
    reply = anyone.get("/v1/events", Accept=accept)

    assert (reply.status_code, reply["Content-Type"], reply["Cache-Control"]) == (200, "application/json", "no-store")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "BREW"])
def test_another_method_is_405_and_says_which_are_allowed(guest: Caller, method: str) -> None:
    reply = guest.send(method, "/v1/echo")

    assert_problem(reply, 405, "method_not_allowed")
    assert reply["Allow"] == "POST, OPTIONS"


def test_the_methods_can_be_asked_for_without_a_token(anyone: Caller) -> None:
    reply = anyone.send("OPTIONS", "/v1/own/x")

    assert (reply.status_code, reply["Allow"], reply.content) == (204, "GET, HEAD, OPTIONS", b"")


def test_head_is_get_without_a_body(anyone: Caller) -> None:
    reply = anyone.send("HEAD", "/v1/events")

    assert (reply.status_code, reply["Content-Type"], reply.content) == (200, "application/json", b"")
