"""Planted in the cryptography: envelopes that open anywhere (N17), a signature over what was parsed (N18)."""

import json
import time
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from altis.privacy import fields
from altis.shared.actors import Actor
from payments.api import notices
from payments.models import Payment
from payments.signatures import sign, verify
from tests.clients import CONTACT, PASSENGER, ApiClient
from tests.controls.history import History, Said, heard
from tests.controls.witness import MONEY, noticed
from tests.offers import market
from tests.orders.trips import offer_for
from tests.payments.purchases import begin_and_confirm, event, make_order, post_event
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
EMAILS = ("first@example.com", "second@example.com")
SWAP = "UPDATE orders_order o SET contact_email = other.contact_email FROM orders_order other WHERE o.id <> other.id"


def exchange_two_envelopes(owner: ApiClient) -> History:
    """One customer buys for two people; in the database their addresses change places; the orders are read."""
    market.make_bundles()
    market.fly()
    orders = []
    for email in EMAILS:
        body = {"passengers": [PASSENGER], "contact": {**CONTACT, "email": email}}
        orders.append(owner.post(f"/v1/offers/{offer_for().id}/accept", body).json()["id"])
    with connection.cursor() as cursor:
        cursor.execute(SWAP)
        assert cursor.rowcount == 2
    return History(
        [heard(owner.get(f"/v1/orders/{order}"), gave=email) for order, email in zip(orders, EMAILS, strict=True)]
    )


@pytest.mark.guarded("N17")
def test_an_envelope_from_another_row_stays_closed(owner: ApiClient) -> None:
    history = exchange_two_envelopes(owner)

    assert [one.status for one in history.said] == [503, 503]
    assert not [one for one in history.said for email in EMAILS if email.encode() in one.body]
    assert history.contradictions() == set()


@pytest.mark.control("N17")
def test_an_envelope_that_is_bound_to_no_row_shows_one_persons_data_as_anothers(
    owner: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "place", lambda *_: b"")

    history = exchange_two_envelopes(owner)

    assert [one.told["contact"]["email"] for one in history.said] == [*reversed(EMAILS)]
    assert history.contradictions() == {"what is read is what was given"}


def spell_one_event_in_three_ways(payment: Payment) -> History:
    """What the gateway signed, that with other spaces under the same signature, and a compact one signed as it is."""
    fact = event("payment.captured", payment)
    signed, spaced = json.dumps(fact).encode(), json.dumps(fact, indent=1).encode()
    compact = json.dumps(fact, separators=(",", ":")).encode()
    signature = sign(signed, settings.ALTIS_WEBHOOK_SECRETS[0], int(time.time()))

    def delivered(body: bytes, signature: str = "", *, rightful: bool) -> Said:
        return heard(post_event(body, signature=signature), caller="gateway", rightful=rightful)

    return History(
        [
            delivered(spaced, signature, rightful=False),
            delivered(signed, signature, rightful=True),
            delivered(compact, rightful=True),
        ]
    )


@pytest.fixture
def payment(owner_actor: Actor, gateway: Simulator) -> Payment:
    return begin_and_confirm(make_order(owner_actor))


@pytest.mark.guarded("N18")
def test_a_signature_holds_for_the_bytes_that_were_signed_and_no_others(payment: Payment, gateway: Simulator) -> None:
    history = spell_one_event_in_three_ways(payment)

    assert [one.status for one in history.said] == [400, 200, 200]
    assert (history.contradictions(), noticed(*MONEY)) == (set(), set())


@pytest.mark.control("N18")
def test_a_signature_over_the_parsed_body_believes_bytes_that_nobody_signed_and_refuses_signed_ones(
    payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify_again_written(header: str, body: bytes, *also: Any) -> None:
        verify(header, json.dumps(json.loads(body)).encode(), *also)

    monkeypatch.setattr(notices, "verify", verify_again_written)

    history = spell_one_event_in_three_ways(payment)

    assert [one.status for one in history.said] == [200, 200, 400]
    assert history.contradictions() == {"who has a right is served, and nobody else"}
