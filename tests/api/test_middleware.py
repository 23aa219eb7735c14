"""The outermost guard: ids in and out, sizes, encodings, and JSON whatever happens."""

import logging

import pytest
from django.test import Client, override_settings

from altis.shared.ids import is_id
from tests.api.callers import Caller, assert_problem

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_request_id_is_echoed_or_made(anyone: Caller) -> None:
    assert anyone.get("/healthz", X_Request_ID="mine-1.2_3")["X-Request-ID"] == "mine-1.2_3"
    for wrong in ("", "a b", "x" * 65, "é", "a\x7f"):
        assert is_id("req", anyone.get("/healthz", X_Request_ID=wrong)["X-Request-ID"])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1", 404, "not_found"),
        ("/v1/", 404, "not_found"),
        ("/v1/nothing", 404, "not_found"),
        ("/v1/echo/", 404, "not_found"),
        ("/v1/own/%00", 400, "malformed_request"),
        ("/v1/own/a%0Ab", 400, "malformed_request"),
        ("/v1/own/%7F", 400, "malformed_request"),
        ("/v1/own/%ff", 400, "malformed_request"),
        ("/v1/own/%ED%A0%80", 400, "malformed_request"),
        ("/v1/events?after=%00", 400, "malformed_request"),
        ("/v1/events?after=%fe%ff", 400, "malformed_request"),
        ("/v1/events?%00=1", 400, "malformed_request"),
        ("/v1/own/" + "a" * 9000, 414, "uri_too_long"),
        ("/v1/events?after=" + "a" * 9000, 414, "uri_too_long"),
        ("/v1/own/x", 401, "invalid_token"),
        ("/v1/broken/bug", 500, "internal_error"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.django_db
def test_whatever_is_asked_the_answer_is_a_problem(
    anyone: Caller, method: str, path: str, status: int, code: str
) -> None:
    if method == "POST" and status == 500:
        status, code = 405, "method_not_allowed"

    assert_problem(anyone.send(method, path), status, code)


def test_outside_the_api_the_refusal_is_plain(anyone: Caller) -> None:
    reply = anyone.get("/nothing/%00")

    assert (reply.status_code, reply["Content-Type"], reply.content) == (400, "text/plain", b"")
    assert anyone.get("/nothing")["Content-Type"].startswith("text/html")


def test_large_headers_are_431(anyone: Caller) -> None:
    reply = anyone.get("/v1/openapi.json", Cookie="a" * 17_000)

    assert_problem(reply, 431, "headers_too_large")


def test_a_body_is_measured_before_it_is_parsed() -> None:
    reply = Client().generic("POST", "/v1/echo", b"{" * 70_000)

    assert_problem(reply, 413, "payload_too_large")


@pytest.mark.parametrize("length", ["-1", "1e3", "²", "x"])
def test_a_length_that_is_no_number_is_400(length: str) -> None:
    reply = Client().generic("POST", "/v1/echo", b"{}", CONTENT_LENGTH=length)

    assert_problem(reply, 400, "malformed_request")


def test_a_body_without_length_is_400() -> None:
    reply = Client().generic("POST", "/v1/echo", HTTP_TRANSFER_ENCODING="chunked")

    assert_problem(reply, 400, "malformed_request")


@override_settings(
    ALLOWED_HOSTS=["altis.example"],
    MIDDLEWARE=["altis.api.middleware.RequestGuard", "django.middleware.common.CommonMiddleware"],
)
def test_a_foreign_host_is_a_problem_too() -> None:
    assert_problem(Client(headers={"Host": "evil.example"}).get("/v1/events"), 400, "malformed_request")


@pytest.mark.django_db
def test_one_line_is_logged_without_path_or_query(guest: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "altis.access")

    guest.get("/v1/own/passport-123?name=Zoe", X_Request_ID="r1", traceparent=TRACE)

    [record] = [record for record in caplog.records if record.name == "altis.access"]
    line = record.msg
    assert isinstance(line, dict)
    assert {key: line[key] for key in ("method", "route", "status", "request_id", "traceparent")} == {
        "method": "GET",
        "route": "v1/own/<str:own_id>",
        "status": 403,
        "request_id": "r1",
        "traceparent": TRACE,
    }
    assert "passport" not in str(line)
    assert "Zoe" not in str(line)


@pytest.mark.parametrize("wrong", ["", "00-0-0-01", "ff" + TRACE[2:], "00-" + "0" * 32 + "-b7ad6b7169203331-01"])
def test_a_wrong_traceparent_is_ignored(anyone: Caller, caplog: pytest.LogCaptureFixture, wrong: str) -> None:
    caplog.set_level(logging.INFO, "altis.access")

    anyone.get("/healthz", traceparent=wrong)

    assert "traceparent" not in str(caplog.records[-1].msg)
