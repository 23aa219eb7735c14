"""From an exception to a problem document: kinds of ours, of Django, of DRF and of the drivers."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404
from redis.exceptions import ConnectionError as RedisDown
from rest_framework import exceptions as drf

from altis.api.errors import exception_handler
from altis.api.problems import STATUSES, status_of
from altis.shared import errors
from altis.shared.errors import AltisError, Fault
from altis.shared.lifecycle import IllegalMove
from tests.api.callers import Caller, assert_problem
from tests.api.threads import at_once


def test_every_kind_has_its_status() -> None:
    assert {kind.__name__: status for kind, status in STATUSES.items()} == {
        "Malformed": 400,
        "Unauthenticated": 401,
        "Declined": 402,
        "Forbidden": 403,
        "NotFound": 404,
        "Conflict": 409,
        "Gone": 410,
        "Invalid": 422,
        "TooMany": 429,
        "Unavailable": 503,
    }
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and AltisError in kind.__bases__]
    assert list(STATUSES) == kinds
    assert status_of(IllegalMove) == 409


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.Gone("Too late."), 410),
        (RequestDataTooBig(), 413),
        (SuspiciousOperation(), 400),
        (PermissionDenied(), 403),
        (Http404(), 404),
        (drf.NotFound(), 404),
        (drf.PermissionDenied(), 403),
        (drf.NotAuthenticated(), 401),
        (drf.ParseError(), 400),
        (drf.MethodNotAllowed("GET"), 405),
        (drf.NotAcceptable(), 406),
        (drf.UnsupportedMediaType("x"), 415),
        (drf.ValidationError({"a": ["b"]}), 422),
        (InterfaceError(), 503),
        (OperationalError(), 503),
        (psycopg.OperationalError(), 503),
        (RedisDown(), 503),
    ],
)
def test_every_exception_has_its_status(error: Exception, status: int) -> None:
    response = exception_handler(error, {})

    assert response is not None
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.get("Retry-After") == ("1" if status == 503 else None)


def test_a_bug_is_left_to_the_guard() -> None:
    assert exception_handler(RuntimeError("a bug"), {}) is None


def test_what_a_refusal_knows_is_in_its_document() -> None:
    fault = Fault("/slices/0", "too_long", "Too long.")

    response = exception_handler(errors.TooMany("Slow down.", retry_after=7, faults=[fault]), {})

    assert response is not None
    assert response["Retry-After"] == "7"
    assert response.content == (
        b'{"type":"/v1/docs#too_long","title":"Too long","status":429,"detail":"Slow down.","code":"too_long",'
        b'"request_id":"","errors":[{"pointer":"/slices/0","code":"too_long","detail":"Too long."}]}'
    )


@pytest.mark.django_db(transaction=True)
class TestTheDatabase:
    """Its refusals are no bugs of ours."""

    def test_a_value_it_cannot_hold_is_422(self, anyone: Caller) -> None:
        assert_problem(anyone.get("/v1/broken/data"), 422, "validation_failed")

    def test_a_statement_that_takes_too_long_is_503(self, anyone: Caller) -> None:
        reply = anyone.get("/v1/broken/slow")

        assert_problem(reply, 503, "unavailable")
        assert reply["Retry-After"] == "1"

    def test_a_row_that_stays_locked_is_409(self, anyone: Caller, locked: None) -> None:
        [reply] = at_once(1, lambda: anyone.get("/v1/broken/lock"))

        assert_problem(reply, 409, "busy")
        assert reply["Retry-After"] == "1"


@pytest.fixture
def locked() -> Iterator[None]:
    """Somebody else holds the table of the `lock` path."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE store_outboxevent IN ACCESS SHARE MODE")
        yield
        cursor.execute("ROLLBACK")
