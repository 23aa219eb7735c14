"""One accepts while another rejects: one of them wins, and the other is told which."""

import time
from typing import Any

import pytest

from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.store.models import OutboxEvent
from offers.documents import OfferDocument
from offers.models import Offer
from offers.services import decide
from offers.services.reject import reject_offer
from orders.models import Order
from tests.api.threads import at_once
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import offer_for, place

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 24
# Of the acceptance, in seconds: from one that every rejection uses to one that every acceptance uses.
HEAD_STARTS = (-0.8, -0.01, -0.005, 0.0, 0.005, 0.01, 0.03, 0.8)
GUEST = Actor("guest", "gst_1")


def _one_round(offer: OfferDocument, owner: Actor, *, head_start: float) -> set[str]:
    """What the two were told: the new status, or the code of the refusal."""

    def accept() -> str:
        time.sleep(max(0.0, -head_start))
        place(offer, owner)
        return "accepted"

    def reject() -> str:
        time.sleep(max(0.0, head_start))
        reject_offer(offer_id=offer.id, actor=GUEST)
        return "rejected"

    sides = iter((accept, reject))

    def side() -> str:
        try:
            return next(sides)()
        except AltisError as error:
            return error.code

    return set(at_once(2, side))


def test_one_decision_stands_and_the_other_side_is_told(bundles: None, owner_actor: Actor) -> None:
    market.fly()

    told = [
        _one_round(offer_for(), owner_actor, head_start=HEAD_STARTS[number % len(HEAD_STARTS)])
        for number in range(ROUNDS)
    ]

    accepted, rejected = {"accepted", "offer_already_accepted"}, {"rejected", "offer_cancelled"}
    assert told.count(accepted) + told.count(rejected) == ROUNDS
    assert told.count(accepted) == Order.objects.count() == Offer.objects.filter(status="ACCEPTED").count()
    assert 0 < told.count(accepted) < ROUNDS
    assert OutboxEvent.objects.filter(topic="altis.offers").count() == ROUNDS
    assert contradictions() == {}


def test_control_a_decision_that_overwrites_the_other_shows_in_the_books(
    bundles: None, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overwrite(row: Any, to: str, **_: Any) -> None:
        row.status, row.version = to, 1
        Offer.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["status"])

    monkeypatch.setattr(decide, "conclude", overwrite)
    market.fly()
    offer = offer_for()

    place(offer, owner_actor)
    monkeypatch.setattr("offers.services.reject.offer_for", lambda _: (offer, "ACTIVE"))
    reject_offer(offer_id=offer.id, actor=GUEST)

    assert contradictions()["I12"] == [offer.id]
