"""Every operation with every kind of token: the exact status, one body for all refusals, and nothing happens."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from pytest_django import Settings

from altis.accounts import tokens
from altis.accounts.models import User
from altis.accounts.tokens import issue_for
from altis.privacy import keys
from altis.shared.errors import Unauthenticated
from tests.api.callers import assert_problem
from tests.api.matrix import PASSWORD, World, call, make_world, operations, row_counts, undone
from tests.api.matrix_table import TABLE
from tests.api.matrix_tokens import accepted, refused
from tests.backoffice.pages import page, registered
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db
GUARDED = sorted(name for name, row in TABLE.items() if row.refused == 401)
OPEN = sorted(name for name, row in TABLE.items() if row.refused != 401)


@pytest.fixture(autouse=True)
def _whole_site(settings: Settings) -> None:
    settings.ROOT_URLCONF = "altis.urls"


@pytest.fixture
def world(db: None, gateway: Simulator) -> World:
    return make_world()


def _headers(value: str | None) -> dict[str, str]:
    return {} if value is None else {"Authorization": value}


def test_every_operation_has_a_row() -> None:
    assert operations() == sorted(TABLE)


def test_an_operation_without_a_row_would_be_noticed() -> None:
    new = set(operations("tests.api.urls")) - set(TABLE)

    assert {"POST /v1/echo", "GET /v1/own/{own_id}"} <= new


def test_there_are_enough_kinds(world: World) -> None:
    assert (len(refused(world)) >= 50, len(accepted(world)) >= 5) == (True, True)


def test_what_is_no_token_of_ours_is_refused_everywhere_alike(world: World) -> None:
    kinds, ids, before, wrong = refused(world), world.ids, row_counts(), []
    known = assert_problem(call(GUARDED[0], ids), 401, "invalid_token")
    for name in GUARDED:
        for kind, value in kinds.items():
            reply = call(name, ids, **_headers(value))
            said = {**reply.json(), "request_id": known["request_id"]}
            challenge = reply.get("WWW-Authenticate")
            if (reply.status_code, said, challenge) != (401, known, 'Bearer error="invalid_token"'):
                wrong.append((name, kind, reply.status_code))

    assert wrong == []
    assert row_counts() == before


def test_a_callers_token_gets_what_the_table_says(world: World) -> None:
    ids, kinds, got = world.ids, accepted(world), {}
    for name in TABLE:
        for kind, (_, value) in kinds.items():
            with undone():
                got[name, kind] = call(name, ids, Authorization=value).status_code
            keys.forget_all()  # with the rows they are of

    assert got == {
        (name, kind): getattr(row, caller) for name, row in TABLE.items() for kind, (caller, _) in kinds.items()
    }


def test_where_no_token_is_needed_a_bad_one_hinders_nobody(world: World) -> None:
    kinds, ids, wrong = refused(world), world.ids, []
    for name in OPEN:
        for kind in ("none", "basic", "bearer: alg none", "claim: expired", "person: deleted"):
            with undone():
                reply = call(name, ids, **_headers(kinds[kind]))
            if reply.status_code != TABLE[name].refused:
                wrong.append((name, kind, reply.status_code))

    assert wrong == []


def test_a_token_of_64_kb_is_not_even_read() -> None:
    for name in TABLE:
        assert_problem(call(name, {}, Authorization="Bearer " + "a" * 65_536), 431, "headers_too_large")


def test_asking_for_the_head_alone_needs_the_same_token(world: World) -> None:
    callers = list(accepted(world).values())

    for name in (name for name in GUARDED if name.startswith("GET")):
        assert call(name, world.ids, method="HEAD").status_code == 401
        for caller, value in callers:
            reply = call(name, world.ids, method="HEAD", Authorization=value)
            assert (name, reply.status_code, reply.content) == (name, getattr(TABLE[name], caller), b"")


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "argon2$another"}])
def test_a_verified_token_is_believed_for_five_seconds_at_most(
    change: dict[str, Any], monkeypatch: pytest.MonkeyPatch, owner_user: User
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("altis.privacy.cache.time.monotonic", lambda: clock[0])
    access = issue_for(owner_user).access
    tokens.actor_of(access)
    User.objects.update(**change)

    clock[0] += 4.9
    assert tokens.actor_of(access).id == owner_user.pk
    clock[0] += 0.1

    with pytest.raises(Unauthenticated):
        tokens.actor_of(access)


def test_no_memory_carries_a_token_past_its_end(monkeypatch: pytest.MonkeyPatch, owner_user: User) -> None:
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False) as clock:
        access = issue_for(owner_user).access
        clock.shift(899)
        tokens.actor_of(access)
        clock.shift(1)
        monkeypatch.setattr("altis.privacy.cache.time.monotonic", lambda: 0.0)  # what was remembered stays young

        with pytest.raises(Unauthenticated):
            tokens.actor_of(access)


def _visitors(world: World) -> dict[str, Client]:
    customer, newcomer = Client(), Client()
    customer.force_login(world.other)
    newcomer.force_login(User.objects.create_user("new@example.com", PASSWORD, is_staff=True))
    token = {"Authorization": f"Bearer {issue_for(User.objects.create_superuser('a@example.com', PASSWORD)).access}"}
    return {"anonymous": Client(), "customer": customer, "API token": Client(headers=token), "newcomer": newcomer}


@pytest.mark.django_db(databases=["default", "analytics"])  # the sidebar counts what waits
def test_the_back_office_opens_to_staff_with_a_right_alone(world: World) -> None:
    pages = [page(model, "changelist") for model in registered()]
    visitors = _visitors(world)

    assert len(pages) == len(admin.site._registry)
    for address in pages:
        statuses = {who: client.get(address).status_code for who, client in visitors.items()}
        assert statuses == {"anonymous": 302, "customer": 302, "API token": 302, "newcomer": 403}, address
    assert {who: client.get("/admin/").status_code for who, client in visitors.items()} == {
        "anonymous": 302,
        "customer": 302,
        "API token": 302,
        "newcomer": 200,
    }
