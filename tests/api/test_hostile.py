"""A table of hostile requests over every operation: the exact status, the one shape, no echo, and nothing written."""

from collections import Counter
from functools import cache
from typing import Any

import orjson
import pytest
from pytest_django import Settings

from altis.accounts.models import User
from altis.accounts.tokens import issue_for
from altis.api.docs import document
from altis.store.redis import client as redis_client
from tests.api.hostile.attack import JSON, MARK, Attack
from tests.api.hostile.table import HARMLESS, powerless, refused
from tests.api.matrix import PASSWORD, browser, call, operations, row_counts
from tests.api.matrix_table import TABLE
from tests.factories import make_airport

pytestmark = pytest.mark.django_db
SHAPE = {"type", "title", "status", "detail", "code", "request_id"}


@pytest.fixture(autouse=True)
def _whole_site(settings: Settings) -> None:
    settings.ROOT_URLCONF = "altis.urls"
    settings.ALTIS_LOGIN_FAILURES = "off"


@pytest.fixture
def token(db: None) -> str:
    for code in ("LHR", "JFK"):
        make_airport(code)
    return issue_for(User.objects.create_user("owner@example.com", PASSWORD)).access


@cache
def table() -> dict[str, list[Attack]]:
    """The attacks on each operation; made once, when the first test asks."""
    every = refused()
    return {name: [one for one in every if one.operation == name] for name in operations()}


def send(one: Attack, token: str) -> Any:
    """The reply, as a server in this process gives it."""
    headers = {**_authorization(one, token), **one.headers}
    kind, length = headers.pop("Content-Type", JSON), headers.pop("Content-Length", None)
    more: Any = {} if length is None else {"CONTENT_LENGTH": length}
    return browser().generic(one.method, one.target, one.body, content_type=kind, headers=headers, **more)


def _authorization(one: Attack, token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if TABLE[one.operation].refused == 401 else {}


def fault(one: Attack, status: int, kind: str, body: bytes) -> str:
    """What is wrong with the reply to an attack; empty when nothing is."""
    said = orjson.loads(body) if body and kind.startswith("application/") else {}
    if (status, said.get("code")) != (one.status, one.code):
        return f"{one}: {status} {said.get('code')} instead of {one.status} {one.code}"
    if kind != "application/problem+json" or set(said) - {"errors"} != SHAPE or said["status"] != status:
        return f"{one}: another shape"
    if one.pointer is not None and said["errors"][0]["pointer"] != one.pointer:
        return f"{one}: {said['errors'][0]['pointer']} instead of {one.pointer}"
    told = "".join((said["detail"], said["title"], said["type"], *(f["detail"] for f in said.get("errors", ()))))
    return f"{one}: says again what it was sent" if MARK in told or MARK in said["request_id"] else ""


def world() -> tuple[dict[str, int], int]:
    """Every table's rows, and how many keys Redis has."""
    return row_counts(), int(redis_client().dbsize())


@pytest.mark.parametrize("operation", operations())
def test_what_is_hostile_is_refused_in_one_shape_and_writes_nothing(operation: str, token: str) -> None:
    before, wrong = world(), []

    for one in table()[operation]:
        reply = send(one, token)
        wrong.append(fault(one, reply.status_code, reply.get("Content-Type", ""), reply.content))
        assert MARK not in str(reply.headers), one

    assert "\n".join(found for found in wrong if found) == ""
    assert world() == before


def test_what_has_no_power_is_answered_as_if_it_were_not_there(token: str) -> None:
    statuses = {str(one): (send(one, token).status_code, one.status) for one in powerless()}

    assert "\n".join(f"{name}: {got}" for name, (got, wanted) in statuses.items() if got != wanted) == ""


def test_the_table_covers_every_operation_and_every_refusal_of_the_protocol() -> None:
    sizes = {name: len(attacks) for name, attacks in table().items()}
    statuses = Counter(one.status for attacks in table().values() for one in attacks)

    assert min(sizes.values()) >= 12, sizes
    assert sum(sizes.values()) >= 250
    assert set(statuses) == {400, 401, 404, 405, 406, 413, 414, 415, 422, 431}
    assert {name for name in HARMLESS if name not in TABLE} == set()


def test_every_code_that_is_asked_for_is_documented() -> None:
    served = document().decode()
    codes = {one.code for attacks in table().values() for one in attacks}

    # These two are Django's own answers to paths that are no operation's.
    assert {code for code in codes if code not in served} <= {"not_found", "method_not_allowed"}


def test_a_reply_of_another_shape_would_be_noticed(token: str) -> None:
    one = table()["GET /v1/orders"][0]

    assert fault(one, 500, "text/html", b"<h1>Server Error</h1>")
    assert fault(one, 400, "application/problem+json", b'{"code":"malformed_request","status":400}')
    assert fault(one, one.status, "application/json", orjson.dumps({"code": one.code, "status": one.status}))
    assert call("GET /v1/orders", {}, Authorization=f"Bearer {token}").status_code == 200
