"""Twenty clicks on Pay at once: one attempt, one capture, and every click gets an answer that is true."""

from collections import Counter
from copy import copy
from functools import partial
from typing import Any

import pytest

from orders.models import Order
from orders.services import checkout
from payments.models import Payment
from payments.services import pay
from tests.clients import ApiClient
from tests.payments.purchases import Meanwhile, assert_sound, broken, make_order, moves
from tests.payments.simulators import Simulator
from tests.races.threads import Runner, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLICKS = 20


@pytest.fixture
def order(owner_actor: Any, gateway: Simulator) -> Order:
    return make_order(owner_actor)


def click(owner: ApiClient, order: Order, keys: list[str]) -> list[Any]:
    calls = [Runner(partial(owner.pay, order.pk, Idempotency_Key=key)) for key in keys]
    return race(calls, connect_first=False)


def codes(replies: list[Any]) -> Counter[str]:
    return Counter("200" if reply.status_code == 200 else str(reply.json()["code"]) for reply in replies)


def test_different_keys_make_one_attempt(owner: ApiClient, order: Order, gateway: Simulator) -> None:
    replies = click(owner, order, [f"click-{number}" for number in range(CLICKS)])

    told = codes(replies)
    # A click that comes after the winner's last phase finds a paid order.
    assert told["200"] == 1
    assert told["payment_in_progress"] + told["order_not_payable"] == CLICKS - 1, told
    assert (Payment.objects.count(), moves(order).count("PAID")) == (1, 1)
    assert_sound(gateway)


def test_different_keys_are_told_of_the_payment_in_progress(
    owner: ApiClient, order: Order, gateway: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: list[Any] = []
    keys = [f"click-{number}" for number in range(CLICKS - 1)]
    port = Meanwhile(before=lambda: others.extend(click(owner, order, keys)))
    monkeypatch.setattr(pay, "get_gateway", lambda name: port)

    first = owner.pay(order.pk, Idempotency_Key="the-first")

    assert (first.status_code, codes(others)) == (200, {"payment_in_progress": CLICKS - 1})
    assert Payment.objects.count() == 1
    assert_sound(gateway)


def test_one_key_gets_one_answer(owner: ApiClient, order: Order, gateway: Simulator) -> None:
    replies = click(owner, order, ["the-same"] * CLICKS)

    bodies = {reply.content for reply in replies if reply.status_code == 200}
    told = codes(replies)
    assert (len(bodies), told["200"] + told["idempotency_in_progress"]) == (1, CLICKS)
    assert owner.pay(order.pk, Idempotency_Key="the-same").content == bodies.pop()
    assert (Payment.objects.count(), moves(order).count("PAID")) == (1, 1)
    assert_sound(gateway)


def test_one_key_gets_one_answer_when_it_is_a_decline(owner: ApiClient, order: Order, gateway: Simulator) -> None:
    calls = [Runner(lambda: owner.pay(order.pk, "tok_declined", Idempotency_Key="the-same"))] * CLICKS

    told = codes(race(calls, connect_first=False))

    assert told["payment_declined"] >= 1
    assert told["payment_declined"] + told["idempotency_in_progress"] == CLICKS
    assert (Payment.objects.count(), moves(order)[-1]) == (1, "PROPOSED")
    assert_sound(gateway)


def test_without_the_check_and_the_lock_several_attempts_are_refused_by_the_database_alone(
    owner: ApiClient, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: every payer sees the order as it once was; the test above would see 500s instead of 409s."""
    monkeypatch.setattr(checkout, "lock_order", lambda order_id, **_: copy(order))
    monkeypatch.setattr(checkout, "check_payable", lambda order: None)
    port = Meanwhile(before=lambda: refused.append(_attempt(owner, order)))
    refused: list[str] = []
    monkeypatch.setattr(pay, "get_gateway", lambda name: port)

    owner.pay(order.pk)

    assert refused == ["IntegrityError"]
    assert broken() == []


def _attempt(owner: ApiClient, order: Order) -> str:
    try:
        return str(owner.pay(order.pk).status_code)
    except Exception as error:
        return type(error).__name__
