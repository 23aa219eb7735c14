"""What is true of every page: it is light, works without script, and says what to do when something is not there."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from altis.shop import words
from tests.offers import market
from tests.payments.simulators import Simulator
from tests.shop.browsing import Browser, place_of, text_of

MOST_BYTES = 100_000
MOST_STYLE = 25_000


def _static(page: Any) -> list[bytes]:
    """The style sheets and scripts of a page, and its icon."""
    names = re.findall(r'(?:href|src)="/static/([^"]+)"', text_of(page))
    found = [finders.find(name) for name in names]
    assert names
    return [Path(str(path)).read_bytes() for path in found]


def _transferred(page: Any) -> int:
    """In bytes as they are: nothing is compressed on its way."""
    return sum(len(part) for part in (page.content, *_static(page)))


def test_every_page_is_lighter_than_100_kB_with_all_that_it_loads(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    pages = [visitor.get("/"), visitor.search(adults="3", children="3"), visitor.get(visitor.offers()[0])]
    pages += [visitor.get(place_of(order)), visitor.get("/booking"), visitor.get("/nothing")]
    visitor.pay(order)
    documents = visitor.get(place_of(order, "documents"))
    images = [
        visitor.get(path).content for path in re.findall(r'<img class="barcode" src="([^"]+)"', text_of(documents))
    ]

    weights = [_transferred(page) for page in pages]
    weights.append(_transferred(documents) + sum(len(image) for image in images))

    assert max(weights) < MOST_BYTES, weights
    assert len(b"".join(part for part in _static(pages[-1]) if b"@media" in part)) < MOST_STYLE


def test_pages_with_nothing_secret_are_packed_and_no_others(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    visitor.pay(order)
    image = re.findall(r'<img class="barcode" src="([^"]+)"', text_of(visitor.get(place_of(order, "documents"))))[0]
    query = f"/search?origin=LHR&destination=JFK&date={market.soon()}&adults=1"

    paths = ("/", query, image, place_of(order), "/booking")
    packed = [visitor.client.get(path, headers={"Accept-Encoding": "gzip"}) for path in paths]

    told = [(reply.headers.get("Content-Encoding"), "Accept-Encoding" in reply.get("Vary", "")) for reply in packed]
    assert told == [("gzip", True)] * 3 + [(None, False)] * 2


def test_nothing_is_inline_and_everything_comes_from_here(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    for path in ("/", visitor.offers()[0], place_of(order), "/booking", "/search", "/nothing"):
        text = text_of(visitor.get(path))
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|https?://(?!www\.w3\.org)", text), path
        assert not re.search(r"<script(?![^>]*\bsrc=\"/static/)", text), path


@pytest.mark.parametrize("path", ["/", "/search", "/booking", "/nothing"])
def test_headings_language_and_skip_link_are_in_order(path: str, visitor: Browser) -> None:
    text = text_of(visitor.get(path))

    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert ('<html lang="en">' in text, 'class="skip" href="#main"' in text, text.count("<main")) == (True, True, 1)
    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing", 404), ("/orders", 404), ("/offers/", 404), ("/admin/x", 302)]
)
def test_a_page_that_is_not_there_says_what_to_do(path: str, status: int, visitor: Browser) -> None:
    page = visitor.get(path)

    assert page.status_code == status
    if status == 404:
        assert ("There is nothing here" in text_of(page), "To the start" in text_of(page)) == (True, True)


def test_a_fault_of_ours_is_told_without_asking_any_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("altis.shop.search_views.SearchForm.begun", broken)

    page = Client(raise_request_exception=False).get("/")

    assert (page.status_code, "Something broke on our side" in text_of(page), "secret" in text_of(page)) == (
        500,
        True,
        False,
    )


def test_a_method_that_no_page_takes_is_a_page_too() -> None:
    page = Client().put("/booking")

    assert (page.status_code, "This address takes no such request" in text_of(page)) == (405, True)
    assert page["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x" * 2_000_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=" % number for number in range(2_000)), "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"--x", "multipart/form-data"),
        ("\u00ff\u00fe".encode(), "application/x-www-form-urlencoded; charset=utf-16"),
    ],
)
@pytest.mark.django_db
def test_a_body_that_cannot_be_read_is_refused_as_a_page(body: bytes, kind: str) -> None:
    page = Client(raise_request_exception=False).post("/booking", body, content_type=kind)

    assert (page.status_code < 500, "<h1>" in text_of(page)) == (True, True)


@pytest.mark.django_db
def test_the_interface_keeps_its_own_refusals() -> None:
    reply = Client().get("/v1/nothing")

    assert (reply.status_code, reply["Content-Type"]) == (404, "application/problem+json")


HOSTILE = [
    "",
    "\x00",
    "'; DROP TABLE orders_order; --",
    "<script>alert(1)</script>",
    "é" * 500,
    "{{ 7*7 }}",
    "%s%n",
    "-1",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_input_breaks_a_page(value: str, visitor: Browser) -> None:
    order = visitor.hold()
    paths = ["/search", "/airports", "/booking", visitor.offers()[0], place_of(order, "pay")]
    names = ("origin", "destination", "date", "adults", "ages", "cabin", "reference", "family_name", "token", "key")
    client = visitor.client
    client.handler.enforce_csrf_checks = False

    replies = [client.get(path, dict.fromkeys(names, value)) for path in paths]
    replies += [client.post(path, {**dict.fromkeys(names, value), "token": "tok_visa"}) for path in paths[2:4]]

    assert [reply.status_code for reply in replies if reply.status_code >= 500] == []
    assert all("<script>alert" not in text_of(reply) for reply in replies)


def test_every_refusal_of_a_booking_has_words_of_its_own() -> None:
    codes = "offer_not_found offer_expired offer_already_accepted offer_cancelled sold_out price_changed"

    assert all(words.sorry(code) is not words.sorry("?") for code in codes.split())
