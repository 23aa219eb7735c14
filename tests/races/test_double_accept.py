"""One offer, accepted by many at the same moment: one order."""

from typing import Any

import pytest

from offers.models import Offer
from orders.models import Order
from tests.catalog.books import figures, gate
from tests.factories import cabin_of
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import offer_for
from tests.races.conftest import Without
from tests.races.racing import accept_all, outcomes

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TIMES = 30
BOUGHT = (201, "PROPOSED")


def test_an_offer_accepted_thirty_fold_becomes_one_order(bundles: None, token: str) -> None:
    cabin = cabin_of(market.fly())
    offer = offer_for("adult", "adult")

    replies = accept_all(token, [offer] * TIMES)

    assert outcomes(replies) == {BOUGHT: 1, (409, "offer_already_accepted"): TIMES - 1}
    assert (Order.objects.count(), Offer.objects.get().status) == (1, "ACCEPTED")
    assert (figures(cabin), gate(cabin)) == ((2, 0, 2), {"base": "98", "ver": "2"})
    assert contradictions() == {}


def test_twins_with_one_key_get_the_same_bytes(bundles: None, token: str) -> None:
    cabin = cabin_of(market.fly())
    offer = offer_for()

    replies = accept_all(token, [offer] * TIMES, key="k")

    told = outcomes(replies)
    assert set(told) <= {BOUGHT, (409, "idempotency_in_progress")}
    assert told[BOUGHT] >= 1
    assert len({reply.content for reply in replies if reply.status_code == 201}) == 1
    assert (Order.objects.count(), figures(cabin)) == (1, (1, 0, 2))
    assert contradictions() == {}


def test_twins_of_the_last_seats_buyer_are_not_told_that_it_is_sold_out(bundles: None, token: str) -> None:
    seat = cabin_of(market.fly(seats=1))
    offer = offer_for()

    told = outcomes(accept_all(token, [offer] * TIMES, key="k"))

    assert set(told) <= {BOUGHT, (409, "idempotency_in_progress")}
    assert (figures(seat), gate(seat)) == ((1, 0, 2), {"base": "0", "ver": "2"})


def test_control_without_a_claim_on_the_offer_there_are_two_orders_and_the_books_show_it(
    bundles: None, token: str, without: Without, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claim_nothing(**_: Any) -> Offer:
        return Offer()

    without("orders_order", "order_accepts_an_offer_once")
    monkeypatch.setattr("orders.services.place.claim_offer", claim_nothing)
    market.fly()
    offer = offer_for()

    told = outcomes(accept_all(token, [offer] * 8))

    assert told[BOUGHT] > 1
    assert contradictions()["I12"] == [offer.id]
