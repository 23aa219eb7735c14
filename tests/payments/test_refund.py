"""Giving money back: once at the gateway, however often it is tried, and exactly what was captured."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from altis.shared.actors import Actor
from altis.shared.money import Money
from altis.store.database import db_clock
from altis.store.models import OutboxEvent
from orders.models import Order
from orders.services.cancel import cancel_order
from payments.gateway import Charge, ChargeStatus, RefundResult, get_gateway
from payments.models import Payment, Refund
from payments.services import refund as service
from payments.services.janitor import run_janitor
from payments.services.refund import send_refunds
from payments.services.resend_refund import resend_refund
from tests.conftest import Later
from tests.payments.purchases import (
    Meanwhile,
    assert_sound,
    begin_and_confirm,
    begin_and_submit,
    broken,
    event,
    kept,
    make_order,
    post_event,
    refunds_of,
    reload,
    told,
)
from tests.payments.simulators import Simulator, wait_until

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
def order(owner_actor: Actor, gateway: Simulator) -> Order:
    return make_order(owner_actor)


@pytest.fixture
def owed(order: Order, owner_actor: Actor) -> Payment:
    """Captured, declined as far as we were told, cancelled by the customer, and then the truth arrives."""
    payment = begin_and_confirm(order)
    told(payment, ChargeStatus.DECLINED, retryable=True)
    cancel_order(order_id=order.pk, actor=owner_actor, reason="customer_cancelled")
    assert told(payment, ChargeStatus.SUCCEEDED) == "refunded"
    return payment


def state(payment: Payment) -> tuple[str, str]:
    return reload(payment).status, Refund.objects.get(payment=payment).status


def test_money_that_cannot_be_used_goes_back(owed: Payment, order: Order, gateway: Simulator) -> None:
    assert send_refunds() == 1

    assert (state(owed), refunds_of(gateway, owed)) == (("REFUNDED", "SUCCEEDED"), ["200.00"])
    now = reload(order)
    assert (now.status, now.payments[0]["status"], now.refunds[0]["status"]) == ("CANCELLED", "REFUNDED", "SUCCEEDED")
    assert OutboxEvent.objects.filter(subject=owed.pk, type="altis.payment.refunded").count() == 1
    assert_sound(gateway)


def test_a_finished_refund_is_not_sent_again(owed: Payment, later: Later, gateway: Simulator) -> None:
    send_refunds()
    later(3600)

    assert [send_refunds() for _ in range(3)] == [0, 0, 0]
    assert refunds_of(gateway, owed) == ["200.00"]


def test_a_crash_after_the_call_repeats_it_and_pays_once(
    owed: Payment, later: Later, gateway: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(service, "_settle", lambda *a: 1 / 0)
        for attempt in range(3):
            later(attempt * 301)
            assert send_refunds() == 0
    assert state(owed) == ("REFUND_PENDING", "PENDING")

    later(1000)

    assert (send_refunds(), state(owed)) == (1, ("REFUNDED", "SUCCEEDED"))
    assert refunds_of(gateway, owed) == ["200.00"]
    assert_sound(gateway)


def test_an_unreachable_gateway_is_tried_again_with_longer_pauses(
    owed: Payment, later: Later, gateway: Simulator, settings: Any
) -> None:
    settings.ALTIS_SIMULATOR_URL, pauses, elapsed = NOWHERE, [], 1.0
    for _ in range(8):
        later(elapsed)
        assert send_refunds() == 0
        pauses.append(round((Refund.objects.get().attempt_at - db_clock()).total_seconds()))
        elapsed += pauses[-1] + 1

    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300]
    settings.ALTIS_SIMULATOR_URL = gateway.url
    later(elapsed)
    assert (send_refunds(), state(owed)) == (1, ("REFUNDED", "SUCCEEDED"))
    assert_sound(gateway)


def test_a_pause_is_kept(owed: Payment, settings: Any, gateway: Simulator) -> None:
    settings.ALTIS_SIMULATOR_URL = NOWHERE
    send_refunds()
    settings.ALTIS_SIMULATOR_URL = gateway.url

    assert (send_refunds(), Refund.objects.get().attempts) == (0, 1)


def test_a_refusal_of_the_gateway_is_final_and_alarmed(
    owed: Payment, order: Order, gateway: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    get_gateway().refund(key="ref_of_somebody", intent_id=str(owed.intent_id), amount=owed.amount)

    assert send_refunds() == 1

    assert state(owed) == ("REFUND_PENDING", "FAILED")
    assert (reload(order).refunds[0]["status"], "refund refused" in caplog.text) == ("FAILED", True)
    assert send_refunds() == 0


def test_a_capture_of_more_than_was_asked_for_is_sent_again_whole(owed: Payment) -> None:
    Refund.objects.update(status="FAILED", amount_minor=owed.amount_minor + 1)

    again = resend_refund(refund_id=Refund.objects.get().pk, actor=Actor("staff", "usr_1"), reason="bank_is_back")

    assert (again.status, again.amount_minor) == ("PENDING", owed.amount_minor + 1)


def test_one_refund_that_breaks_does_not_keep_the_others_waiting(
    owed: Payment, owner_actor: Actor, gateway: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    other = begin_and_confirm(make_order(owner_actor))
    told(other, ChargeStatus.DECLINED)
    told(other, ChargeStatus.SUCCEEDED)
    Payment.objects.filter(pk=owed.pk).update(gateway="gone_bankrupt")

    assert send_refunds() == 1

    assert (state(owed), state(other)) == (("REFUND_PENDING", "PENDING"), ("REFUNDED", "SUCCEEDED"))
    assert Refund.objects.get(payment=owed).pk in caplog.text


@pytest.mark.parametrize("claimed", [{"amount": "1.00"}, {"amount": "9999.00"}, {"currency": "EUR"}])
def test_what_goes_back_is_what_the_gateway_captured_whatever_the_event_said(
    order: Order, gateway: Simulator, claimed: dict[str, str]
) -> None:
    payment = begin_and_confirm(order)
    assert post_event(event("payment.captured", payment, **claimed)).json() == {"outcome": "refunded"}

    assert send_refunds() == 1

    assert (state(payment), refunds_of(gateway, payment)) == (("REFUNDED", "SUCCEEDED"), ["200.00"])
    assert (Refund.objects.get().amount, reload(order).refunds[0]["amount"]["amount"]) == (payment.amount, "200.00")
    assert reload(order).status == "PROPOSED"
    assert_sound(gateway)


def test_a_refund_for_another_cause_gives_back_its_own_amount(owed: Payment, gateway: Simulator) -> None:
    Refund.objects.update(cause="chg_1", amount_minor=7_500)

    assert send_refunds() == 1

    assert (refunds_of(gateway, owed), Refund.objects.get().amount_minor) == (["75.00"], 7_500)


def test_a_partial_capture_goes_back_as_far_as_it_was_made(
    owed: Payment, gateway: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = Charge(ChargeStatus.SUCCEEDED, owed.intent_id, Money.of("150.00", "USD"))
    monkeypatch.setattr(service, "fence", lambda payment: part)

    assert send_refunds() == 1

    assert (refunds_of(gateway, owed), Refund.objects.get().amount_minor) == (["150.00"], 15_000)


def test_two_workers_at_one_refund_give_it_back_once(
    owed: Payment, gateway: Simulator, later: Later, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[int] = []

    class Overtaken(Meanwhile):
        def refund(self, **call: Any) -> RefundResult:
            result = super().refund(**call)
            if not sent:
                sent.append(0)
                later(6)
                sent.append(send_refunds())
            return result

    port = Overtaken()
    monkeypatch.setattr(service, "get_gateway", lambda name: port)

    assert (send_refunds(), sent) == (1, [0, 1])
    assert (refunds_of(gateway, owed), state(owed)) == (["200.00"], ("REFUNDED", "SUCCEEDED"))
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_an_event_that_was_wrong_about_a_capture_lets_none_happen(order: Order, gateway: Simulator) -> None:
    payment = begin_and_submit(order)
    get_gateway().confirm(intent_id=str(payment.intent_id), token="tok_pending")
    post_event(event("payment.captured", payment, amount="1.00"))

    send_refunds()
    wait_until(lambda: get_gateway().get(intent_id=str(payment.intent_id)).status != ChargeStatus.PENDING)

    assert kept(gateway, [payment.pk]) == 0
    assert (state(payment), broken()) == (("REFUND_PENDING", "FAILED"), [])


def test_a_capture_told_before_we_knew_the_charge_is_still_given_back(
    order: Order, owner_actor: Actor, gateway: Simulator
) -> None:
    payment = begin_and_confirm(order)
    told(payment, ChargeStatus.DECLINED)
    Payment.objects.filter(pk=payment.pk).update(intent_id=None)
    told(payment, ChargeStatus.SUCCEEDED)

    assert send_refunds() == 1

    assert (state(payment), refunds_of(gateway, payment)) == (("REFUNDED", "SUCCEEDED"), ["200.00"])
    assert_sound(gateway)


def test_refunds_are_never_deleted(owed: Payment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.all().delete()

    assert Refund.objects.count() == 1


def test_the_janitor_does_not_touch_what_is_going_back(owed: Payment, later: Later) -> None:
    later(3600)

    assert (run_janitor(), state(owed)) == (0, ("REFUND_PENDING", "PENDING"))
