"""The order's page: how long its seats are held, giving them up, and its documents, for its visitor alone."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from altis.shared.actors import Actor
from altis.shop.order_pages import _STANDINGS
from catalog.models import Flight
from orders.lifecycle import OrderStatus
from payments.models import Payment
from payments.services.give_back import give_back
from tests.conftest import Later
from tests.offers import market
from tests.orders.trips import nothing_happens, soon_after
from tests.payments.purchases import reload, units
from tests.payments.simulators import Simulator
from tests.shop.browsing import Browser, place_of, text_of

pytestmark = pytest.mark.django_db


def test_held_order_counts_down_by_the_clock_of_the_database(visitor: Browser, later: Later) -> None:
    order = visitor.hold()
    later(60)

    text = text_of(visitor.get(place_of(order)))

    [seconds] = re.findall(r'data-countdown="(\d+)"', text)
    assert 1700 < int(seconds) <= 1740
    assert ("Your seats are held" in text, text.count('name="token"'), "28 min" in text) == (True, 5, True)


def test_hold_that_is_over_takes_pay_away_and_says_what_to_do(visitor: Browser, later: Later) -> None:
    order = visitor.hold()
    page = visitor.get(place_of(order))
    later(soon_after(order))

    shown, paid = visitor.get(place_of(order)), visitor.press(page, place_of(order, "pay"), token="tok_visa")

    for reply, status in ((shown, 200), (paid, 410)):
        text = text_of(reply)
        assert (reply.status_code, "The time to pay is over" in text, "Search again" in text) == (status, True, True)
        assert ("data-countdown" in text, place_of(order, "pay") in text) == (False, False)
        assert f'<a class="button" href="/?origin=LHR&amp;destination=JFK&amp;date={market.soon()}&amp;' in text
    assert (Payment.objects.count(), reload(order).status) == (0, "EXPIRED")


def test_paid_order_leads_to_its_documents(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()

    paid = visitor.pay(order)

    assert (paid.status_code, paid["Location"], reload(order).status) == (302, place_of(order), "FULFILLED")
    page = text_of(visitor.get(place_of(order)))
    assert ("You are ready to fly" in page, place_of(order, "documents") in page) == (True, True)
    assert [part for part in ("pay", "cancel") if place_of(order, part) in page] == []


def test_cancelled_order_gives_its_seats_back_once(visitor: Browser) -> None:
    order = visitor.hold()
    page = visitor.get(place_of(order))

    first, second = (visitor.press(page, place_of(order, "cancel")) for _ in range(2))

    assert [(reply.status_code, reply["Location"]) for reply in (first, second)] == [(302, place_of(order))] * 2
    assert units() == (0, 0)
    assert "This booking is cancelled" in text_of(visitor.get(place_of(order)))
    assert "This booking is over" in text_of(visitor.get(place_of(order, "documents")))


def test_paid_order_is_not_cancelled_by_a_page_that_is_out_of_date(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    page = visitor.get(place_of(order))
    visitor.pay(order)

    with nothing_happens():
        reply = visitor.press(page, place_of(order, "cancel"))

    assert (reply.status_code, "This booking cannot be cancelled" in text_of(reply)) == (409, True)
    assert (reload(order).status, "You are ready to fly" in text_of(reply)) == ("FULFILLED", True)


def test_order_whose_money_went_back_says_so(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    visitor.pay(order)
    give_back(order_id=order.pk, actor=Actor("staff", "usr_1"), reason="flight_cancelled")

    text = text_of(visitor.get(place_of(order)))

    assert ("This booking is cancelled" in text, "The money goes back" in text) == (True, True)
    assert ("Refund of USD" in text, place_of(order, "documents") in text) == (True, False)


def test_documents_can_be_shown_and_printed(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    visitor.pay(order)

    page = text_of(visitor.get(place_of(order, "documents")))
    images = re.findall(r'<img class="barcode" src="([^"]+)"[^>]*alt="([^"]+)"', page)
    barcode = visitor.get(images[0][0])

    assert len(images) == order.documents.count()
    assert ("Silva, Ana" in page, images[0][1]) == (True, "Boarding barcode of Ana Silva")
    assert (barcode.status_code, barcode["Content-Type"], barcode.content[:4]) == (200, "image/svg+xml", b"<svg")


@pytest.mark.parametrize("part", ["", "state", "documents"])
def test_an_order_is_there_for_its_visitor_alone(part: str, visitor: Browser) -> None:
    order = visitor.hold()

    other, unknown = Browser().get(place_of(order, part)), Browser().get(f"/orders/ord_unknown/{part}".rstrip("/"))

    assert (other.status_code, unknown.status_code) == (404, 404)
    assert "We cannot find this booking here" in text_of(other)


@pytest.mark.parametrize("part", ["pay", "cancel"])
def test_nobody_else_pays_or_cancels_it(part: str, visitor: Browser) -> None:
    order = visitor.hold()
    stranger = Client()

    with nothing_happens():
        reply = stranger.post(place_of(order, part), {"token": "tok_visa", "key": "k"})

    assert reply.status_code == 404
    assert visitor.get(place_of(order, part)).status_code == 302


def test_barcode_of_another_order_is_not_found(visitor: Browser, gateway: Simulator) -> None:
    first, second = visitor.hold(), visitor.hold()
    visitor.pay(first)
    document = first.documents.first()
    assert document

    reply = visitor.get(reverse("order-barcode", args=[second.pk, document.pk]))

    assert reply.status_code == 404


def test_every_status_has_words() -> None:
    assert {*_STANDINGS, OrderStatus.PROPOSED, OrderStatus.EXPIRED} == set(OrderStatus)


def test_flight_is_sold_to_the_visitor(visitor: Browser, gateway: Simulator, flight: Flight) -> None:
    visitor.pay(visitor.hold())

    assert units()[0] == 0
    assert flight.inventory.get(cabin="economy").sold == 1
