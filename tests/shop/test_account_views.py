"""The pages behind the links in e-mails: opening one changes nothing, its button does."""

import logging
import re
from typing import Any

import pytest
from django.test import Client
from prometheus_client import REGISTRY
from pytest_django import Settings

from altis.accounts import links
from altis.accounts.models import User

PASSWORD, NEW_PASSWORD = "correct horse battery", "another battery staple"
Purposes = pytest.mark.parametrize("purpose", ["verify", "reset"])
pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create_user("ana@example.com", PASSWORD)


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def opened(browser: Client, link: str) -> Any:
    """The page of a link."""
    return browser.get(link.removeprefix("http://localhost:8080"))


def pressed(browser: Client, page: Any, **fields: str) -> Any:
    """What follows when the page's form is sent with its own hidden fields, and these."""
    text = page.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    [action] = re.findall(r'<form method="post" action="([^"]+)"', text)
    return browser.post(action, {**hidden, **fields})


def refused() -> float:
    """How many requests of the class `token` were refused so far."""
    return REGISTRY.get_sample_value("altis_rate_limited_total", {"class": "token"}) or 0.0


@pytest.fixture(autouse=True)
def _public(settings: Settings) -> None:
    settings.ALTIS_PUBLIC_URL = "http://localhost:8080"


@Purposes
def test_opening_a_page_changes_nothing_and_tells_nobody(purpose: links.Purpose, user: User, browser: Client) -> None:
    page = opened(browser, links.link_for(user, purpose))

    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "strict-origin"
    text = page.content.decode()
    assert ("<script" in text, "style=" in text, "http" in text.replace("http-equiv", "")) == (False, False, False)
    stored = User.objects.get()
    assert (stored.email_verified_at, stored.password) == (None, user.password)


def test_button_verifies_the_address(user: User, browser: Client) -> None:
    page = opened(browser, links.link_for(user, "verify"))

    done = pressed(browser, page)

    assert (done.status_code, "Your address is confirmed" in done.content.decode()) == (200, True)
    assert User.objects.get().email_verified_at is not None


def test_form_sets_the_password_and_logs_nobody_in(user: User, browser: Client) -> None:
    page = opened(browser, links.link_for(user, "reset"))

    done = pressed(browser, page, new_password=NEW_PASSWORD)

    assert (done.status_code, "Your new password is saved" in done.content.decode()) == (200, True)
    assert User.objects.get().check_password(NEW_PASSWORD)
    assert ("sessionid" in browser.cookies, NEW_PASSWORD in done.content.decode()) == (False, False)
    assert pressed(browser, page, new_password=PASSWORD).status_code == 422


@pytest.mark.parametrize("weak", ["12345678", "", "x" * 129, "a\x00bcdefghij"])
def test_weak_password_brings_the_form_back_with_its_link(weak: str, user: User, browser: Client) -> None:
    page = opened(browser, links.link_for(user, "reset"))

    again = pressed(browser, page, new_password=weak)

    assert (again.status_code, 'role="alert"' in again.content.decode()) == (422, True)
    assert User.objects.get().password == user.password
    assert pressed(browser, again, new_password=NEW_PASSWORD).status_code == 200


@Purposes
@pytest.mark.parametrize("token", ["", "garbage", "a.b.c", "%3Cscript%3E"])
def test_link_that_is_no_good_says_so(purpose: links.Purpose, token: str, user: User, browser: Client) -> None:
    page = browser.get(f"{links.PATHS[purpose]}?token={token}")

    text = page.content.decode()
    assert (page.status_code, "not valid any more" in text, "<form" in text) == (422, True, False)
    assert "script" not in text.lower()


@Purposes
def test_form_from_elsewhere_is_refused(purpose: links.Purpose, user: User, browser: Client) -> None:
    token = links.token_for(user, purpose)

    reply = browser.post(links.PATHS[purpose], {"token": token, "new_password": NEW_PASSWORD})

    assert reply.status_code == 403
    stored = User.objects.get()
    assert (stored.email_verified_at, stored.password) == (None, user.password)


@Purposes
def test_pages_share_the_limit_of_tokens(
    purpose: links.Purpose, user: User, browser: Client, settings: Settings
) -> None:
    settings.ALTIS_RATE_LIMITS = "token=1/60:1"
    page = opened(browser, links.link_for(user, purpose))
    pressed(browser, page, token="garbage")
    before = refused()

    reply = pressed(browser, page, new_password=NEW_PASSWORD)

    assert (reply.status_code, "Wait a minute" in reply.content.decode()) == (429, True)
    assert User.objects.get().email_verified_at is None
    assert refused() == before + 1


@Purposes
def test_token_and_password_never_stand_in_a_log(
    purpose: links.Purpose, user: User, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link = links.link_for(user, purpose)
    page = opened(browser, link)
    pressed(browser, page, new_password=NEW_PASSWORD)
    browser.post(links.PATHS[purpose], {"token": "x"})

    logged = "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    assert f"account/{purpose}" in logged
    assert [secret for secret in (link.partition("=")[2], NEW_PASSWORD, "ana@example.com") if secret in logged] == []
