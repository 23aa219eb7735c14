"""Opening a booking by reference and family name: one answer and one amount of work for all that is wrong."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from altis.privacy import keys
from altis.shared.ids import new_reference
from altis.shop.services.find_booking import BookingNotFound, find_booking
from orders.models import Order
from tests.shop.browsing import Browser, place_of, text_of


def opened(browser: Browser, reference: str, family_name: str = "Silva") -> Any:
    """What the form answers."""
    path = reverse("booking")
    return browser.press(browser.get(path), path, reference=reference, family_name=family_name)


@pytest.mark.parametrize("name", ["Silva", " SILVA ", "sílva", "Sil-va"])
def test_reference_and_name_open_the_booking_in_another_browser(name: str, visitor: Browser) -> None:
    order, other = visitor.hold(), Browser()

    reply = opened(other, f" {order.reference.lower()} ", name)

    assert (reply.status_code, reply["Location"]) == (302, place_of(order))
    page = text_of(other.get(place_of(order)))
    assert ("Your seats are held" in page, "Ana Silva" in page) == (True, True)


@pytest.mark.parametrize("name", ["müller lüdenscheidt", "MUELLER-LUEDENSCHEIDT", "Muller Ludenscheidt"])
def test_a_name_is_known_in_each_spelling_that_is_printed_somewhere(name: str, visitor: Browser) -> None:
    order = visitor.hold(**{"family_name-0": "Müller-Lüdenscheidt"})

    assert opened(Browser(), order.reference, name)["Location"] == place_of(order)


def test_who_came_by_reference_and_name_learns_no_address(visitor: Browser) -> None:
    order, other = visitor.hold(phone="+44 20 7946 0018"), Browser()
    opened(other, order.reference)

    mine, theirs = (text_of(browser.get(place_of(order))) for browser in (visitor, other))

    assert ("ana@example.com" in mine, "+442079460018" in mine) == (True, True)
    assert ("ana@example.com" in theirs, "2079460018" in theirs) == (False, False)
    assert ("a•••" in theirs, "•••18" in theirs) == (True, True)


def test_page_lists_what_this_browser_has_booked(visitor: Browser) -> None:
    first, second = visitor.hold(), visitor.hold()
    visitor.press(visitor.get(place_of(first)), place_of(first, "cancel"))

    mine, theirs = (text_of(browser.get(reverse("booking"))) for browser in (visitor, Browser()))

    found = re.findall(r'href="(/orders/[^"]+)"><b>(\w+)</b>.*?<small>([^<]+)</small>', mine)
    assert found == [
        (place_of(second), second.reference, "Your seats are held"),
        (place_of(first), first.reference, "This booking is cancelled"),
    ]
    assert "/orders/" not in theirs


def test_who_was_let_in_may_cancel_this_booking_and_no_other(visitor: Browser) -> None:
    order, another, other = visitor.hold(), visitor.hold(), Browser()
    opened(other, order.reference)

    done = other.press(other.get(place_of(order)), place_of(order, "cancel"))

    assert (done.status_code, Order.objects.get(pk=order.pk).status) == (302, "CANCELLED")
    assert other.get(place_of(another)).status_code == 404


def _alike(page: Any) -> str:
    """The page without what differs from reply to reply, and without what was typed."""
    return re.sub(r'(nonce|value)="[^"]*"', "", text_of(page))


def test_unknown_reference_and_wrong_name_get_one_answer(visitor: Browser) -> None:
    order, other = visitor.hold(), Browser()

    wrong = opened(other, order.reference, "Costa")
    unknown = opened(other, new_reference(), "Silva")
    odd = opened(other, "??????", "Silva")

    assert [reply.status_code for reply in (wrong, unknown, odd)] == [422] * 3
    assert _alike(wrong) == _alike(unknown) == _alike(odd)
    assert "visit" not in other.client.cookies


def test_unknown_reference_costs_the_same_work_and_opens_nobodys_name(visitor: Browser) -> None:
    order = visitor.hold()
    keys.forget_all()
    work = []

    for reference, name in ((order.reference, "Costa"), (new_reference(), "Silva"), ("?", "Silva"), ("?", "--")):
        with CaptureQueriesContext(connection) as asked, pytest.raises(BookingNotFound):
            find_booking(reference=reference, family_name=name)
        work.append([re.sub(r"'[^']*'", "?", one["sql"]) for one in asked.captured_queries])

    assert work == [work[0]] * 4
    assert ["privacy_subjectkey" in question for question in work[0]] == [False]


def test_tries_are_counted_for_each_reference_like_passwords(visitor: Browser, settings: Settings) -> None:
    settings.ALTIS_LOGIN_FAILURES = "2/300"
    order, other = visitor.hold(), Browser()
    for _ in range(2):
        opened(other, order.reference, "Costa")

    reply = opened(other, order.reference, "Silva")

    assert (reply.status_code, "Too many tries" in text_of(reply)) == (429, True)
    assert other.get(place_of(order)).status_code == 404


def test_tries_are_counted_for_each_address(visitor: Browser, settings: Settings) -> None:
    settings.ALTIS_RATE_LIMITS = "token=1/60:1"
    opened(visitor, new_reference())

    assert opened(visitor, new_reference()).status_code == 429


@pytest.mark.parametrize(("reference", "name"), [("", ""), ("K7QW4M", ""), ("", "Silva"), ("4242" * 4, "Silva")])
def test_a_missing_field_is_told_beside_it(reference: str, name: str, visitor: Browser) -> None:
    reply = opened(visitor, reference, name)

    text = text_of(reply)
    assert reply.status_code == 422
    assert ("Enter the six characters" in text) == (reference in ("", "4242" * 4))
    assert ("Enter the family name" in text) == (name == "")
    assert "4242" * 4 not in text
