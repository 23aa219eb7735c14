"""The same button, pressed twice at the same instant: one order and one charge, and both presses end at the order."""

from functools import partial
from typing import Any

import pytest

from altis.accounts.models import User
from orders.models import Order
from payments.models import Payment
from tests.payments.purchases import moves, units
from tests.payments.simulators import Simulator
from tests.races.threads import Runner, race
from tests.shop.browsing import PEOPLE, Browser, place_of, text_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PRESSES = 4


def pressed(browser: Browser, action: str, fields: dict[str, str]) -> list[Any]:
    """What one form answers when it is sent several times at once, by clients with the same cookies."""
    twins = [Browser() for _ in range(PRESSES)]
    for twin in twins:
        twin.client.cookies.update(browser.client.cookies)
    return race([Runner(partial(twin.client.post, action, fields)) for twin in twins], connect_first=False)


def charges(gateway: Simulator) -> int:
    """How often the gateway's own books have taken money for what is paid here."""
    ours = set(Payment.objects.values_list("pk", flat=True))
    return len([one for one in gateway.captured() if one in ours])


def test_several_presses_on_hold_make_one_order_and_one_account(visitor: Browser) -> None:
    path = visitor.offers()[0]
    hidden = visitor.hidden(visitor.get(path), path)

    replies = pressed(visitor, path, {**hidden, **PEOPLE})

    order = Order.objects.get()
    assert {(reply.status_code, reply["Location"]) for reply in replies} == {(302, place_of(order))}
    assert (User.objects.count(), units()) == (1, (1, 0))


def test_control_another_visitor_is_told_that_the_offer_was_booked(visitor: Browser) -> None:
    path, stranger = visitor.offers()[0], Browser()
    pages = [(one, one.get(path)) for one in (visitor, stranger)]

    replies = race(
        [Runner(partial(one.press, page, path, **PEOPLE)) for one, page in pages],
        connect_first=False,
    )

    assert sorted(reply.status_code for reply in replies) == [302, 409]
    assert any("booked already" in text_of(reply) for reply in replies)
    assert Order.objects.count() == 1


def test_several_presses_on_pay_charge_once(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    action = place_of(order, "pay")
    hidden = visitor.hidden(visitor.get(place_of(order)), action)

    replies = pressed(visitor, action, {**hidden, "token": "tok_visa"})

    assert {(reply.status_code, reply["Location"]) for reply in replies} == {(302, place_of(order))}
    assert (Payment.objects.count(), moves(order).count("PAID"), units()[0]) == (1, 1, 0)
    assert charges(gateway) == 1


def test_control_presses_on_two_bookings_charge_twice(visitor: Browser, gateway: Simulator) -> None:
    orders = [visitor.hold(), visitor.hold()]
    presses = [partial(visitor.press, visitor.get(place_of(one)), place_of(one, "pay")) for one in orders]

    race([Runner(partial(press, token="tok_visa")) for press in presses], connect_first=False)

    assert (Payment.objects.count(), charges(gateway)) == (2, 2)


def test_several_tabs_charge_once(visitor: Browser, gateway: Simulator) -> None:
    order = visitor.hold()
    tabs = [visitor.hidden(visitor.get(place_of(order)), place_of(order, "pay")) for _ in range(2)]

    replies = [visitor.client.post(place_of(order, "pay"), {**hidden, "token": "tok_visa"}) for hidden in tabs]

    assert [(reply.status_code, reply["Location"]) for reply in replies] == [(302, place_of(order))] * 2
    assert (Payment.objects.count(), moves(order).count("PAID")) == (1, 1)
