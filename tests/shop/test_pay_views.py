"""Paying: one charge for one form, and every outcome in words."""

import re

import pytest

from altis.shared.actors import Actor
from payments.models import Payment
from payments.services.pay import begin_payment
from tests.conftest import Later
from tests.orders.trips import nothing_happens, soon_after
from tests.payments.purchases import reload, units
from tests.payments.simulators import Simulator
from tests.shop.browsing import Browser, place_of, text_of

pytestmark = pytest.mark.django_db


def test_second_press_pays_nothing_more(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    page = visitor.get(place_of(order))

    replies = [visitor.press(page, place_of(order, "pay"), token="tok_visa") for _ in range(2)]

    assert [(reply.status_code, reply["Location"]) for reply in replies] == [(302, place_of(order))] * 2
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("token", ["tok_declined", "tok_insufficient_funds"])
def test_declined_card_is_told_and_another_may_be_tried(token: str, visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    page = visitor.get(place_of(order))

    declined, again = (visitor.press(page, place_of(order, "pay"), token=token) for _ in range(2))

    assert (declined.status_code, again.status_code, Payment.objects.count()) == (402, 402, 1)
    assert ("The payment was declined" in text_of(declined), "Choose another card" in text_of(again)) == (True, True)
    assert visitor.press(declined, place_of(order, "pay"), token="tok_visa").status_code == 302
    assert reload(order).status == "FULFILLED"


def test_card_that_is_refused_for_good_ends_the_order(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()

    refused = visitor.pay(order, "tok_stolen_card")

    text = text_of(refused)
    assert (refused.status_code, "The payment was refused" in text, place_of(order, "pay") in text) == (
        402,
        True,
        False,
    )
    assert (reload(order).status, units()[0]) == ("CANCELLED", 0)


def test_pending_payment_is_polled_until_it_is_decided(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    begin_payment(order.pk, actor=Actor("guest", order.owner_id))

    page = text_of(visitor.get(place_of(order)))
    [poll] = re.findall(r'hx-get="([^"]*/state[^"]*)" hx-trigger="every 2s"', page)
    waiting = visitor.get(poll)
    moved = visitor.get(poll.replace("PAYMENT_PENDING", "PROPOSED"))

    assert ("Your bank is being asked" in page, "Look again" in page) == (True, True)
    assert [part for part in ("pay", "cancel") if place_of(order, part) in page] == []
    assert (waiting.status_code, moved.status_code, moved["HX-Redirect"]) == (204, 200, place_of(order))


def test_declined_form_that_is_sent_again_too_late_promises_no_seats(
    visitor: Browser, gateway: Simulator, later: Later
) -> None:
    order = visitor.hold()
    page = visitor.get(place_of(order))
    visitor.press(page, place_of(order, "pay"), token="tok_declined")
    later(soon_after(order))

    again = visitor.press(page, place_of(order, "pay"), token="tok_declined")

    text = text_of(again)
    assert (again.status_code, "The time to pay is over" in text, "still held" in text) == (402, True, False)
    assert (Payment.objects.count(), place_of(order, "pay") in text) == (1, False)


def test_declined_form_that_is_sent_again_after_another_card_paid_shows_the_paid_order(
    visitor: Browser, gateway: Simulator
) -> None:
    order = visitor.hold()
    page = visitor.get(place_of(order))
    declined = visitor.press(page, place_of(order, "pay"), token="tok_declined")
    visitor.press(declined, place_of(order, "pay"), token="tok_visa")

    again = visitor.press(page, place_of(order, "pay"), token="tok_declined")

    assert (again.status_code, again["Location"], Payment.objects.count()) == (302, place_of(order), 2)


@pytest.mark.parametrize("token", ["", "tok_unknown", "4242" * 4])
def test_no_other_token_reaches_the_gateway(token: str, visitor: Browser) -> None:
    order = visitor.hold()
    page = visitor.get(place_of(order))

    with nothing_happens():
        reply = visitor.press(page, place_of(order, "pay"), token=token)

    assert (reply.status_code, "Choose a card" in text_of(reply), Payment.objects.count()) == (422, True, 0)
