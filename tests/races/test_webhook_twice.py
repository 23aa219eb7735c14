"""Fifty deliveries of one webhook at the same moment: fifty times 200, one effect."""

from collections import Counter
from typing import Any

import pytest

from altis.shared.actors import Actor
from altis.store.models import OutboxEvent
from orders.models import Order
from payments.gateway import ChargeStatus
from payments.models import Payment, Refund, WebhookReceipt
from payments.services import webhook
from payments.services.janitor import run_janitor
from tests.payments.purchases import assert_sound, begin_and_confirm, event, make_order, moves, post_event, reload, told
from tests.payments.simulators import Simulator
from tests.races.threads import Runner, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DELIVERIES = 24  # three for each connection of the pool, which gives one up after five seconds


@pytest.fixture
def payment(owner_actor: Actor, gateway: Simulator) -> Payment:
    return begin_and_confirm(make_order(owner_actor))


def deliver(body: dict[str, Any]) -> Counter[str]:
    replies = race([Runner(lambda: post_event(body))] * DELIVERIES, connect_first=False)
    return Counter(reply.json().get("outcome", str(reply.status_code)) for reply in replies)


def order_of(payment: Payment) -> Order:
    return Order.objects.get(pk=payment.order_id)


def test_one_delivery_is_applied_and_the_others_are_duplicates(payment: Payment, gateway: Simulator) -> None:
    outcomes = deliver(event("payment.captured", payment))

    assert outcomes == {"applied": 1, "duplicate": DELIVERIES - 1}
    assert (moves(order_of(payment)).count("PAID"), WebhookReceipt.objects.count()) == (1, 1)
    assert OutboxEvent.objects.filter(subject=payment.pk, type="altis.payment.succeeded").count() == 1
    assert_sound(gateway)


def test_money_that_cannot_be_used_is_marked_once(payment: Payment) -> None:
    told(payment, ChargeStatus.DECLINED)

    outcomes = deliver(event("payment.captured", payment))

    assert outcomes == {"refunded": 1, "duplicate": DELIVERIES - 1}
    assert (Refund.objects.count(), order_of(payment).status) == (1, "CANCELLED")


def test_the_same_fact_under_many_ids_has_one_effect(payment: Payment, gateway: Simulator) -> None:
    calls = [Runner(lambda: post_event(event("payment.captured", payment)).json()["outcome"])] * DELIVERIES

    outcomes = Counter(race(calls, connect_first=False))

    assert outcomes == {"applied": 1, "ignored": DELIVERIES - 1}
    assert (moves(order_of(payment)).count("PAID"), WebhookReceipt.objects.count()) == (1, DELIVERIES)
    assert_sound(gateway)


def test_the_webhook_and_the_janitor_pay_once(payment: Payment, gateway: Simulator) -> None:
    body = event("payment.captured", payment)
    calls = [Runner(lambda: post_event(body).status_code), Runner(run_janitor, ahead=16)] * 3

    results = race(calls)

    assert (results[::2], moves(order_of(payment)).count("PAID")) == ([200] * 3, 1)
    assert reload(payment).status == "SUCCEEDED"
    assert_sound(gateway)


def test_without_the_receipt_and_the_status_check_one_event_has_many_effects(
    payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: no receipt decides, and nobody looks what became of the payment before."""
    seen: list[str] = []

    def effect(*_: object, **__: object) -> str:
        seen.append("effect")
        return "applied"

    monkeypatch.setattr(webhook, "_RECEIPT", webhook._RECEIPT.replace(b"VALUES ($1", b"VALUES ($1 || random()"))
    monkeypatch.setattr(webhook, "apply_charge", effect)

    deliver(event("payment.captured", payment))

    assert len(seen) == DELIVERIES
