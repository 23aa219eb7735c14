"""Planted where two decide about one offer: a status that is overwritten (N4), a key that is only looked up (N13)."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from altis.api import claim_rows
from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.store.models import IdempotencyKey
from altis.store.pipeline import flush
from offers import selectors
from offers.errors import OfferAlreadyAccepted
from offers.models import Offer
from offers.services import decide
from offers.services import reject as rejecting
from offers.services.claim import claim_offer
from orders.services import place as placing
from tests.clients import CONTACT, PASSENGER, ApiClient
from tests.controls.history import History, Said, heard
from tests.controls.stage import Stage
from tests.controls.witness import noticed
from tests.offers import market
from tests.orders.trips import offer_for, place
from tests.races.conftest import Without

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bundles")]
GUEST = Actor("guest", "gst_1")
KEY = "one-key"


def accept_while_another_rejects(owner: Actor, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who rejects has read that the offer is open, and then it is accepted; what the rejecting one is told."""
    market.fly()
    offer = offer_for()

    def read_and_wait(offer_id: str) -> Any:
        found = selectors.offer_for(offer_id)
        place(offer, owner)
        return found

    monkeypatch.setattr(rejecting, "offer_for", read_and_wait)
    try:
        return rejecting.reject_offer(offer_id=offer.id, actor=GUEST).status
    except AltisError as refused:
        return refused.code


@pytest.mark.guarded("N4")
def test_an_offer_that_was_accepted_meanwhile_cannot_be_rejected(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = accept_while_another_rejects(owner_actor, monkeypatch)

    assert (told, noticed()) == ("offer_already_accepted", set())


@pytest.mark.control("N4")
def test_a_decision_that_overwrites_another_leaves_an_order_without_its_offer(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overwrite(row: Any, to: str, **_: Any) -> None:
        row.status, row.version = to, 1
        Offer.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=["status"])

    monkeypatch.setattr(decide, "conclude", overwrite)

    told = accept_while_another_rejects(owner_actor, monkeypatch)

    assert (told, "I12" in noticed()) == ("CANCELLED", True)


def accept_twice_under_a_key(stage: Stage, token: str, without: Without) -> History:
    """The second call comes while the first has not committed. Nothing but the key can tell them for twins."""
    market.fly()
    offer = offer_for()
    body = {"passengers": [PASSENGER], "contact": CONTACT}
    without("orders_order", "order_accepts_an_offer_once")

    def claim_again(**about: Any) -> Offer:
        with suppress(OfferAlreadyAccepted):
            claim_offer(**about)
            flush()
        return Offer()

    def accept() -> Said:
        reply = ApiClient(token).post(f"/v1/offers/{offer.id}/accept", body, Idempotency_Key=KEY)
        return heard(reply, key=KEY)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placing, "claim_offer", claim_again)
        first = stage.stopped("accept.after_offer", accept)
        second = stage.as_far_as_it_gets(accept)
        stage.go_on()
        return History([first.result(), second.result()])


@pytest.mark.guarded("N13")
def test_a_key_alone_makes_one_order_of_twins(stage: Stage, token: str, without: Without) -> None:
    history = accept_twice_under_a_key(stage, token, without)

    assert [one.status for one in history.said] == [201, 201]
    assert (history.contradictions(), noticed()) == (set(), set())


@pytest.mark.control("N13")
def test_a_key_that_is_looked_up_and_then_written_makes_two_orders_of_twins(
    stage: Stage, token: str, without: Without, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_then_write(slot: Any, resource: str, told: Callable[[int | None], None]) -> None:
        slots = {"principal": slot.principal, "route": slot.route, "key": slot.key}
        if IdempotencyKey.objects.filter(**slots).exists():
            return told(None)
        return told(IdempotencyKey.objects.create(**slots, fingerprint=slot.fingerprint, resource=resource).pk)

    without("store_idempotencykey", "idempotency_one_answer_per_key")
    monkeypatch.setattr(claim_rows, "claim", look_then_write)

    history = accept_twice_under_a_key(stage, token, without)

    assert history.contradictions() == {"H2 a key has one answer"}
    assert "I12" in noticed()
