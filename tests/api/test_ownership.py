"""Somebody else's order is not there: the same bytes as for one that never was, at every door that takes its id."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from altis.accounts.models import User
from altis.accounts.tokens import issue_for
from orders.models import Document
from tests.api.matrix import PASSWORD, World, call, make_world, operations, row_counts, undone
from tests.api.matrix_requests import PATHS
from tests.orders.careless import forget_the_owner
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SCOPED = [name for name in operations() if re.search(r"{(order_id|document_id)}", name)]
_OWN = re.compile(rb'"request_id":"[^"]*"')
_QUERIES = ("Order.objects", "Document.objects", "OrderItem.objects", "Passenger.objects")


@pytest.fixture(autouse=True)
def _whole_site(settings: Settings) -> None:
    settings.ROOT_URLCONF = "altis.urls"


@pytest.fixture
def world(db: None, gateway: Simulator) -> World:
    return make_world()


def _as(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_for(user).access}"}


def _said(reply: Any) -> tuple[int, bytes, dict[str, str]]:
    """Everything that a caller can tell two replies apart by, but for the name of the request."""
    headers = {name: value for name, value in reply.headers.items() if name != "X-Request-ID"}
    return reply.status_code, _OWN.sub(b"", reply.content), headers


def test_every_door_that_takes_an_order_is_looked_at() -> None:
    assert len(SCOPED) >= 7
    assert {"POST /v1/orders/{order_id}/pay", "GET /v1/documents/{document_id}/barcode.png"} <= set(SCOPED)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "k"}, {"Accept": "text/html"}], ids=str)
def test_anothers_order_and_none_are_told_apart_by_nothing(world: World, headers: dict[str, str]) -> None:
    staff = User.objects.create_superuser("chief@example.com", PASSWORD)
    callers, before = [_as(world.other), _as(staff)], row_counts()

    for name in SCOPED:
        for caller in callers:
            theirs, nobodys = call(name, world.ids, **caller, **headers), call(name, PATHS, **caller, **headers)
            assert _said(theirs) == _said(nobodys), name
            assert theirs.status_code == (406 if "Accept" in headers else 404), name
    assert row_counts() == before


def test_the_owner_is_served_at_each_of_these_doors(world: World) -> None:
    caller = _as(world.owner)

    for name in SCOPED:
        with undone():
            assert call(name, world.ids, **caller).status_code == 200, name


def test_ids_that_are_spelled_otherwise_are_nobodys(world: World) -> None:
    caller, usual = _as(world.owner), call(SCOPED[0], PATHS, **_as(world.owner))

    for change in (str.upper, lambda id: f"{id}%20", lambda id: f"%20{id}", lambda id: f"{id}%E2%80%8B"):
        ids = {name: change(id) for name, id in world.ids.items()}
        assert _said(call(SCOPED[0], ids, **caller)) == _said(usual)


def test_lists_hold_ones_own_alone(world: World) -> None:
    mine, theirs = (call("GET /v1/orders", {}, **_as(user)).json()["data"] for user in (world.owner, world.other))

    assert {order["id"] for order in mine} == {world.waiting.pk, world.done.pk}
    assert theirs == []


def test_a_key_of_ones_own_opens_no_answer_of_anothers(world: World) -> None:
    name = "POST /v1/orders/{order_id}/cancel"
    key = {"Idempotency-Key": "shared"}
    first = call(name, world.ids, **_as(world.owner), **key)

    stolen = call(name, world.ids, **_as(world.other), **key)

    assert (first.status_code, stolen.status_code, stolen.has_header("Idempotent-Replay")) == (200, 404, False)


def test_doors_ask_the_selectors_and_query_no_orders_themselves() -> None:
    for app in ("orders", "payments"):
        for file in sorted((ROOT / app / "api").glob("*.py")):
            found = [
                ast.unparse(node) for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)
            ]
            assert [text for text in found if text in _QUERIES] == [], file.name


def test_without_the_one_function_everybody_would_see_everything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    forget_the_owner(monkeypatch)
    caller = _as(world.other)

    seen = []
    for name in SCOPED:
        with undone():
            seen.append(call(name, world.ids, **caller).status_code != 404)

    assert seen.count(True) >= 6
    assert Document.objects.get(pk=world.document.pk).order_id == world.done.pk
