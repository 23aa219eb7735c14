"""The content security policy of each kind of page is the one that docs/transport.md tells, exceptions and all."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from altis.devstack.config import PROJECT
from catalog.models import Flight
from offers.models import Offer
from orders.models import Order
from tests.backoffice.pages import page

_PAGE = (PROJECT / "docs" / "transport.md").read_text()
_STYLE_SHEET = PROJECT / "altis" / "backoffice" / "static" / "backoffice" / "theme.css"
_DESKS = (
    *("/admin/", "/admin/orders/order/", "/admin/catalog/product/add/", "/admin/catalog/bundle/add/"),
    *("/admin/catalog/flight/", "/admin/catalog/inventory/", "/admin/catalog/inventory/gate/", "/admin/worklists/"),
    *("/admin/worklists/disrupted/", "/admin/invariants/", "/admin/audit/entry/", "/admin/catalog/product/import/"),
)
_INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|<[^>]+\s(?:on[a-z]+|style)=\"")
_LOOSE = ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "'strict-dynamic'", "data:", "blob:", "https:", "*")


def _directives(reply: Any) -> dict[str, str]:
    """The header, with the nonce left out."""
    text = re.sub(r"'nonce-[^']+'", "'nonce'", reply["Content-Security-Policy"])
    return {name: sources for name, _, sources in (part.strip().partition(" ") for part in text.split(";"))}


def _told(heading: str) -> dict[str, str]:
    """The policy in the block of code below this heading."""
    block = re.search(rf"### {heading}\n.*?```\n(.*?)```", _PAGE, re.DOTALL)
    assert block, heading
    return {name: sources for name, _, sources in (line.partition(" ") for line in block[1].splitlines())}


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("Shop window", "/"),
        ("API documentation", "/v1/docs"),
        ("Back-office", "/admin/login/"),
        ("Everything else", "/v1/nothing"),
        ("Everything else", "/v1/openapi.json"),
        ("Everything else", "/v1/own/%00"),
        ("Everything else", "/healthz"),
        ("Everything else", "/v1/docs/start.js"),
    ],
)
def test_the_policy_is_the_one_that_is_told(heading: str, path: str) -> None:
    assert _directives(Client().get(path)) == _told(heading)


@pytest.mark.django_db
def test_a_page_behind_the_login_has_the_policy_of_the_back_office(administrator: Client) -> None:
    for path in ("/admin/", "/admin/orders/order/", "/admin/catalog/product/add/"):
        assert _directives(administrator.get(path)) == _told("Back-office")


def test_every_exception_is_told_with_its_reason_and_nothing_else_is() -> None:
    rows = re.findall(r"^\| (Shop window|API documentation|Back-office) \| `(\S+) (\S+)` \| (.{20,}) \|$", _PAGE, re.M)

    loose = {
        (heading, name, source)
        for heading in ("Shop window", "API documentation", "Back-office", "Everything else")
        for name, sources in _told(heading).items()
        for source in sources.split()
        if source in _LOOSE
    }
    assert {row[:3] for row in rows} == loose
    assert len(rows) == len(loose)


def test_a_nonce_is_used_once_and_by_every_script_and_style_sheet() -> None:
    for path in ("/", "/v1/docs"):
        first, second = (Client().get(path) for _ in range(2))
        nonces = [re.findall(r"'nonce-([^']+)'", reply["Content-Security-Policy"]) for reply in (first, second)]
        tags = re.findall(r"<(?:script|link rel=\"stylesheet\")[^>]*>", first.content.decode())
        assert tags
        assert all(f'nonce="{nonces[0][0]}"' in tag for tag in tags)
        assert set(nonces[0]).isdisjoint(nonces[1])


@pytest.mark.django_db
def test_the_back_office_has_nothing_inline_that_its_policy_refuses(administrator: Client) -> None:
    for path in _DESKS:
        _assert_nothing_inline(administrator, path)


def test_the_colours_come_as_a_style_sheet_and_are_the_themes_own(rf: Any) -> None:
    colours = admin.site._get_colors("COLORS", rf.get("/"))  # type: ignore[attr-defined]  # the theme is untyped

    written = dict(re.findall(r"^  --color-([a-z]+-[a-z0-9-]+): (.+);$", _STYLE_SHEET.read_text(), re.MULTILINE))
    assert written == {f"{name}-{weight}": value for name, all_ in colours.items() for weight, value in all_.items()}


@pytest.mark.django_db
def test_an_order_s_and_a_flight_s_page_have_nothing_inline_either(administrator: Client, fulfilled: Order) -> None:
    flight = fulfilled.items.exclude(flight=None)[0].flight_id
    for path in (
        page(Order, "change", fulfilled.pk),
        page(Flight, "change", flight),
        page(Offer, "change", fulfilled.offer_id),
    ):
        _assert_nothing_inline(administrator, path)


def _assert_nothing_inline(client: Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 200, path
    assert _INLINE.findall(reply.text) == [], path
