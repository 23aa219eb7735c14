"""The back-office asks for a second factor, and until it is given no page opens."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse
from pytest_django import Settings

from altis.accounts.models import User
from altis.accounts.second_factor.selectors import is_enrolled
from altis.accounts.second_factor.services.remove import remove_second_factor
from tests.accounts.second_factor.apps import code_of, enrolled
from tests.backoffice.conftest import PASSWORD

pytestmark = pytest.mark.django_db
CODE, SET_UP, OWN = "/admin/second-factor/code/", "/admin/second-factor/set-up/", "/admin/second-factor/"
# Doors that stand open before the second factor was given: they lead to it, or out.
OPEN = {
    "/admin/login/",
    CODE,
    SET_UP,
    "/admin/second-factor/leave/",
    "/admin/jsi18n/",  # words of Django's widgets
}


@pytest.fixture
def staff() -> User:
    return User.objects.create_superuser("chief@example.com", PASSWORD)


def log_in(user: User) -> Client:
    client = Client()
    reply = client.post("/admin/login/?next=/admin/", {"username": str(user.email), "password": PASSWORD})
    assert reply.status_code == 302, reply.text
    return client


def _paths(patterns: list[Any], prefix: str = "/admin/") -> Iterator[str]:
    """Each address of the site, with the id 1 wherever one is wanted."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _paths(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and "^" not in route and "(?P" not in route:
            yield re.sub(r"<[^>]*>", "1", route)


def test_no_page_opens_for_a_stolen_password(staff: User) -> None:
    enrolled(staff)
    client = log_in(staff)
    closed = sorted(set(_paths(admin.site.get_urls())) - OPEN)

    answers = {path: client.get(path) for path in closed}

    assert len(closed) > 80
    assert {path: reply.status_code for path, reply in answers.items() if reply.status_code != 302} == {}
    allowed = ("/admin/login/?next=", "/admin/")
    assert [path for path, reply in answers.items() if not reply["Location"].startswith(allowed)] == []
    assert client.get("/admin/login/?next=/admin/")["Location"] == f"{CODE}?next=%2Fadmin%2F"


def test_a_page_asks_once_whether_its_reader_may_come_in(staff: User) -> None:
    client = log_in(staff)

    with CaptureQueriesContext(connection) as asked:
        assert client.get("/admin/catalog/flight/").status_code == 200

    assert sum("second_factor_authenticator" in query["sql"] for query in asked.captured_queries) == 1


def test_a_code_lets_in_to_the_page_that_was_wanted(staff: User) -> None:
    secret, _ = enrolled(staff)
    client = log_in(staff)
    before = client.session.session_key

    reply = client.post(f"{CODE}?next=/admin/orders/order/", {"code": code_of(secret)})

    assert (reply.status_code, reply["Location"]) == (302, "/admin/orders/order/")
    assert client.get("/admin/").status_code == 200
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_code_leads_nowhere_else(staff: User, wanted: str) -> None:
    secret, _ = enrolled(staff)

    reply = log_in(staff).post(CODE, {"code": code_of(secret)}, query_params={"next": wanted})

    assert reply["Location"] == "/admin/"


def test_a_wrong_code_lets_nobody_in_and_does_not_come_back(staff: User) -> None:
    enrolled(staff)
    client = log_in(staff)

    wrong = client.post(CODE, {"code": "AAAA-AAAA-AAAA-AAAA"})
    soon = client.post(CODE, {"code": "AAAA-AAAA-AAAA-AAAA"})

    assert (wrong.status_code, "This is not a code of now" in wrong.text) == (200, True)
    assert "Too many wrong codes" in soon.text
    assert client.get("/admin/").status_code == 302


def test_who_must_have_one_sets_it_up_first(staff: User, settings: Settings) -> None:
    settings.ALTIS_REQUIRE_TOTP = True
    client = log_in(staff)
    assert client.get("/admin/orders/order/")["Location"].startswith("/admin/login/")
    assert client.get("/admin/login/?next=/admin/orders/order/")["Location"] == SET_UP
    page = client.get(SET_UP)
    secret = "".join(page.context["groups"])

    reply = client.post(SET_UP, {"password": PASSWORD, "code": code_of(secret)})

    assert (page.status_code, reply.status_code, len(reply.context["codes"])) == (200, 200, 10)
    assert all(code in reply.text for code in reply.context["codes"])
    assert "no-store" in reply["Cache-Control"]
    assert client.get("/admin/orders/order/").status_code == 200


def test_a_stolen_session_cannot_set_one_up(staff: User) -> None:
    client = log_in(staff)
    secret = "".join(client.get(SET_UP).context["groups"])

    reply = client.post(SET_UP, {"password": "not the password", "code": code_of(secret)})

    assert "This is not your password" in reply.text
    assert not is_enrolled(staff)


def test_removing_it_takes_password_and_code(staff: User) -> None:
    secret, codes = enrolled(staff)
    client = log_in(staff)
    client.post(CODE, {"code": code_of(secret)})

    refused = client.post(OWN, {"password": "not the password", "code": codes[0]})
    kept = is_enrolled(staff)
    removed = client.post(OWN, {"password": PASSWORD, "code": codes[0]})

    assert (refused.status_code, kept) == (200, True)
    assert (removed.status_code, is_enrolled(staff)) == (302, False)


def test_a_session_loses_its_standing_with_the_authenticator(staff: User, settings: Settings) -> None:
    settings.ALTIS_REQUIRE_TOTP = True
    secret, _ = enrolled(staff)
    client = log_in(staff)
    client.post(CODE, {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200

    remove_second_factor(user=staff, by="operator")

    assert client.get("/admin/").status_code == 302


def test_a_new_password_ends_the_other_sessions(staff: User) -> None:
    here, there = log_in(staff), log_in(staff)
    form = {
        "old_password": PASSWORD,
        "new_password1": "another battery staple",
        "new_password2": "another battery staple",
    }

    changed = here.post(reverse("admin:password_change"), form)

    assert changed.status_code == 302, changed.text
    assert (here.get("/admin/").status_code, there.get("/admin/").status_code) == (200, 302)


def test_one_leaves_between_the_two_steps(staff: User) -> None:
    enrolled(staff)
    client = log_in(staff)

    left = client.post("/admin/second-factor/leave/")

    assert (left.status_code, left["Location"]) == (302, "/admin/login/")
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/second-factor/leave/").status_code == 405


def test_customers_have_no_way_to_these_pages(owner_user: User) -> None:
    client = Client()
    client.force_login(owner_user)

    answers = {path: client.get(path)["Location"] for path in (CODE, SET_UP, OWN)}

    assert set(answers.values()) <= {"/admin/login/", "/admin/login/?next=/admin/second-factor/"}
