"""Whatever is sent to an address of the shop, the answer is a page that says no: never a fault of ours."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern
from django.urls.exceptions import NoReverseMatch

from altis.shop.urls import urlpatterns
from tests.shop.browsing import Browser, place_of, text_of

IDS = ["x", "a\x00b", "%00", "é" * 200, "ord_" + "0" * 26, "💺", "x" * 5_000, "'; --", "..;"]
VALUES = ["", "\x00", "' OR 1=1 --", "<script>alert(1)</script>", "\ud7ff\uffff", "9" * 400, "-1", "{{ 7*7 }}", "%s%n"]
NAMES = "origin destination date back adults children infants ages cabin reference family_name token key shown seen p"
ODD_DATES = ["0000-00-00", "9999-12-31", "0001-01-01", "2026-02-30", "10000-01-01", "٢٠٢٦-١٢-٠١"]
PATTERNS = pytest.mark.parametrize("pattern", urlpatterns, ids=lambda one: str(one.name))
pytestmark = pytest.mark.django_db


def addresses(pattern: URLPattern) -> list[str]:
    """The addresses of a page with odd ids in each place where one belongs; one address where none does."""
    route = str(pattern.pattern)
    places = route.replace("<str:offer_id>", "{}").replace("<str:order_id>", "{}").replace("<str:document_id>", "{}")
    if "<" in places:
        raise NoReverseMatch(route)
    return ["/" + places.format(*[quote(one, safe="")] * 2) for one in (IDS if "{}" in places else ["x"])]


def sound(reply: Any) -> bool:
    """No fault of ours, and whoever is refused reads why, but for addresses that are refused before any page."""
    if reply.status_code >= 500 or "<script>alert" in text_of(reply):
        return False
    return reply.status_code < 400 or reply["Content-Type"] == "text/plain" or "<h1" in text_of(reply)


@PATTERNS
def test_no_id_and_no_method_breaks_a_page(pattern: URLPattern) -> None:
    client = Client(raise_request_exception=False)

    odd = [
        (method, address)
        for address in addresses(pattern)
        for method in ("get", "post", "put", "patch", "delete", "options", "trace")
        if not sound(getattr(client, method)(address))
    ]

    assert odd == []


@PATTERNS
def test_no_parameter_breaks_a_page(pattern: URLPattern) -> None:
    client = Client(raise_request_exception=False)
    [address, *_] = addresses(pattern)

    odd = []
    for value in VALUES:
        fields = dict.fromkeys(NAMES.split(), [value, value])
        several = {f"{name}[]": value for name in NAMES.split()}
        for sent in (fields, several):
            replies = [client.get(address, sent), client.post(address, sent)]
            odd += [(value, reply.status_code) for reply in replies if not sound(reply)]

    assert odd == []


def test_no_date_breaks_the_search(visitor: Browser) -> None:
    odd = [
        (name, day)
        for day in ODD_DATES
        for name in ("date", "back")
        for reply in (visitor.search(**{name: day}), visitor.get("/", **{name: day}))
        if not sound(reply)
    ]

    assert odd == []


def test_no_cookie_breaks_a_page_or_opens_one(visitor: Browser) -> None:
    place = place_of(visitor.hold())
    replies = []

    for cookie in ("", "x", "a:b:c", "\xff", "x" * 4_000, "null:1:x"):
        visitor.client.cookies["visit"] = cookie
        replies.append(visitor.get(place))

    assert {reply.status_code for reply in replies} == {404}
    assert all(sound(reply) for reply in replies)


def test_forms_without_their_token_are_refused_with_a_page() -> None:
    client = Client(enforce_csrf_checks=True)

    replies = [client.post(addresses(pattern)[0], {"token": "tok_visa"}) for pattern in urlpatterns]

    assert {reply.status_code for reply in replies} == {403}
    assert all("This form is not valid any more" in text_of(reply) for reply in replies)
