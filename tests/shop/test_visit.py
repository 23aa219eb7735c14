"""Who visits: known by a cookie for a day, until they leave, or until they are erased."""

import pytest
from pytest_django import Settings

from altis.privacy.services.erase import erase_person
from altis.shared.actors import system
from tests.shop.browsing import PEOPLE, Browser, place_of, text_of

# A key is forgotten when the erasure is committed.
Committed = pytest.mark.django_db(transaction=True)


def test_visit_ends_after_a_day(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    order = visitor.hold()
    monkeypatch.setattr("altis.shop.visit.SECONDS", -1)

    assert visitor.get(place_of(order)).status_code == 404


def test_visitor_who_leaves_a_shared_computer_is_forgotten(visitor: Browser) -> None:
    order = visitor.hold()

    left = visitor.press(visitor.get(place_of(order)), "/booking/forget")

    assert (left.status_code, left["Location"], visitor.client.cookies["visit"].value) == (302, "/", "")
    assert visitor.get(place_of(order)).status_code == 404
    assert visitor.hold().owner_id != order.owner_id


@Committed
def test_visitor_whose_account_was_erased_begins_anew(visitor: Browser) -> None:
    order = visitor.hold()
    visitor.press(visitor.get(place_of(order)), place_of(order, "cancel"))
    erase_person(person=order.owner_id, cause=system("test", "because"))
    path = visitor.offers()[0]

    refused = visitor.press(visitor.get(path), path, **PEOPLE)

    assert (refused.status_code, "Your visit has ended" in text_of(refused)) == (401, True)
    assert visitor.get(place_of(order)).status_code == 404
    assert visitor.hold().owner_id != order.owner_id


@Committed
def test_page_of_an_erased_visitor_shows_no_names(visitor: Browser) -> None:
    order = visitor.hold()
    visitor.press(visitor.get(place_of(order)), place_of(order, "cancel"))
    erase_person(person=order.owner_id, cause=system("test", "because"))

    page = visitor.get(place_of(order))

    assert (page.status_code, "Silva" in text_of(page), "ana@example.com" in text_of(page)) == (200, False, False)


def test_production_takes_the_cookie_over_https_alone(visitor: Browser, settings: Settings) -> None:
    settings.CSRF_COOKIE_SECURE = True

    visitor.get(visitor.offers()[0])

    cookie = visitor.client.cookies["__Host-visit"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
