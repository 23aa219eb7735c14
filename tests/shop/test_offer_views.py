"""Naming who travels: one order however often the button is pressed, and nothing at all after a refusal."""

import re

import pytest
from pytest_django import Settings

from altis.accounts.models import User
from catalog.models import Flight
from offers.models import Offer
from orders.models import Order
from tests.conftest import Later
from tests.offers import market
from tests.orders.trips import nothing_happens
from tests.shop.browsing import PEOPLE, Browser, place_of, text_of


def test_form_holds_seats_for_a_visitor_without_an_account(visitor: Browser) -> None:
    order = visitor.hold(phone="+44 20 7946 0018")

    account = User.objects.get()
    assert (order.status, order.owner_id, order.contact_phone) == ("PROPOSED", account.pk, "+442079460018")
    assert order.part("passengers")[0].family_name == "Silva"
    assert (account.has_usable_password(), account.email) == (False, f"{account.pk}@visitor.invalid")
    assert order.events.get().actor == f"guest:{account.pk}"
    assert visitor.get(place_of(order)).status_code == 200


def test_second_press_leads_to_the_same_order(visitor: Browser) -> None:
    path = visitor.offers()[0]
    page = visitor.get(path)

    first, second = (visitor.press(page, path, **PEOPLE) for _ in range(2))

    assert (first.status_code, second.status_code, first["Location"]) == (302, 302, second["Location"])
    assert (Order.objects.count(), User.objects.count()) == (1, 1)


def test_one_visitor_has_one_account_for_all_orders(visitor: Browser) -> None:
    first, second = visitor.hold(), visitor.hold()

    assert first.owner_id == second.owner_id
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("given_name-0", "", "Enter the given name"),
        ("family_name-0", "12", "A name has at least one letter"),
        ("family_name-0", "x" * 61, "This is too long"),
        ("born_on-0", "", "Enter the date of birth"),
        ("born_on-0", "2025-01-01", "This date does not fit the age group"),
        ("email", "nobody", "Enter an e-mail address like"),
        ("email", "", "Enter an e-mail address"),
        ("phone", "12", "Enter the telephone number with its country code"),
        ("given_name-0", "4242" * 4, "This looks like a card number"),
        ("given_name-0", "a\x00b", "Leave out characters"),
    ],
)
def test_a_wrong_field_brings_the_form_back(field: str, value: str, said: str, visitor: Browser) -> None:
    path = visitor.offers()[0]
    page = visitor.get(path)

    with nothing_happens():
        again = visitor.press(page, path, **{**PEOPLE, field: value})

    text = text_of(again)
    assert (again.status_code, User.objects.count()) == (422, 0)
    assert (f'id="{field}-error">{said}' in text, f'<a href="#{field}">{said}' in text) == (True, True)
    assert ('value="ana@example.com"' in text or field == "email", "4242" * 4 in text) == (True, False)


def test_offer_that_has_expired_says_what_to_do(visitor: Browser, later: Later) -> None:
    path = visitor.offers()[0]
    page = visitor.get(path)
    later(901)

    with nothing_happens():
        replies = [visitor.get(path), visitor.press(page, path, **PEOPLE)]

    assert [reply.status_code for reply in replies] == [410, 410]
    again = f"/?origin=LHR&amp;destination=JFK&amp;date={market.soon()}&amp;cabin=economy&amp;adults=1"
    assert all("This offer has expired" in text_of(reply) and again in text_of(reply) for reply in replies)
    assert User.objects.count() == 0


def test_form_counts_down_to_the_end_of_the_offer(visitor: Browser, later: Later) -> None:
    path = visitor.offers()[0]
    later(60)

    text = text_of(visitor.get(path))

    [seconds] = re.findall(r'data-countdown="(\d+)"', text)
    assert 800 < int(seconds) <= 840
    assert ("data-over hidden" in text, 'data-spoken="left at this price"' in text) == (True, True)


def test_offer_that_was_booked_before_leads_its_visitor_to_the_order(visitor: Browser) -> None:
    path = visitor.offers()[0]
    page = visitor.get(path)
    order = visitor.press(page, path, **PEOPLE)["Location"]

    again = visitor.get(path)

    assert (again.status_code, again["Location"]) == (302, order)


def test_offer_that_is_sold_out_meanwhile_holds_nothing(visitor: Browser, flight: Flight) -> None:
    path = visitor.offers()[0]
    page = visitor.get(path)
    flight.inventory.filter(cabin="economy").update(sold=100, version=9)

    with nothing_happens():
        reply = visitor.press(page, path, **PEOPLE)

    assert (reply.status_code, "Sold out a moment ago" in text_of(reply)) == (409, True)
    assert User.objects.count() == 0


def test_offer_at_another_price_than_shown_is_not_booked(visitor: Browser) -> None:
    path = visitor.offers()[0]
    page = visitor.get(path)

    with nothing_happens():
        reply = visitor.press(page, path, **{**PEOPLE, "shown": "1.00 USD"})

    assert (reply.status_code, "The price has changed" in text_of(reply)) == (409, True)


@pytest.mark.parametrize("id", ["off_unknown", "off_01kb9xqv4r6n5e8w2m7ztd3hk1", "%2e%2e", "x" * 300, "💺"])
def test_unknown_offer_is_a_page(id: str, visitor: Browser) -> None:
    page = visitor.get(f"/offers/{id}")

    assert (page.status_code, "This offer is not known" in text_of(page)) == (404, True)


def test_offer_that_somebody_else_has_booked_is_told(visitor: Browser, flight: Flight) -> None:
    path, stranger = visitor.offers()[0], Browser()
    stranger.press(stranger.get(path), path, **PEOPLE)

    reply = visitor.get(path)

    assert (reply.status_code, "booked already" in text_of(reply)) == (409, True)
    assert Offer.objects.count() == 1


def test_form_from_elsewhere_is_refused(visitor: Browser) -> None:
    path = visitor.offers()[0]

    with nothing_happens():
        reply = visitor.client.post(path, PEOPLE)

    assert (reply.status_code, "This form is not valid any more" in text_of(reply)) == (403, True)


def test_holds_share_limit_and_cap_of_the_interface(visitor: Browser, settings: Settings) -> None:
    settings.ALTIS_OPEN_HOLDS = "ip=1"
    visitor.hold()
    path = visitor.offers()[0]

    with nothing_happens():
        reply = visitor.press(visitor.get(path), path, **PEOPLE)

    assert (reply.status_code, "Too many unpaid bookings" in text_of(reply)) == (429, True)


def test_cookie_is_signed_and_kept_from_scripts(visitor: Browser) -> None:
    order = visitor.hold()
    cookie = visitor.client.cookies["visit"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    visitor.client.cookies["visit"] = re.sub(r"^.", "X", cookie.value)
    assert visitor.get(place_of(order)).status_code == 404
