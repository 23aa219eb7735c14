"""Planted where money moves: no lock-in (N6), a janitor that only reads (N7), late money kept (N8), no receipt (N9)."""

from collections import Counter
from typing import Any

import pytest

from altis.shared.actors import Actor
from orders.models import Order
from orders.services import checkout
from orders.services.expire import expire_due
from payments.gateway import Charge, ChargeStatus, get_gateway
from payments.models import Payment
from payments.services import janitor, outcome, pay
from payments.services.refund import send_refunds
from tests.clients import ApiClient
from tests.conftest import Later
from tests.controls.witness import MONEY, noticed
from tests.payments.purchases import (
    Meanwhile,
    begin_and_confirm,
    begin_and_submit,
    event,
    make_order,
    post_event,
    reload,
    told,
)
from tests.payments.simulators import Simulator
from tests.races.conftest import Without
from tests.races.threads import Runner, race, set_clock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DELIVERIES = 6


@pytest.fixture
def order(owner_actor: Actor, gateway: Simulator) -> Order:
    return make_order(owner_actor)


def sweep_while_the_gateway_is_asked(
    owner: ApiClient, order: Order, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, set[str]]:
    """The hold ends between the start of a payment and its capture; the payer's status, what was wrong meanwhile."""
    seen: list[set[str]] = []

    def hold_ends() -> None:
        set_clock(1801)
        expire_due()
        seen.append(noticed())

    port = Meanwhile(before=hold_ends)
    monkeypatch.setattr(pay, "get_gateway", lambda name: port)
    status = owner.pay(order.pk).status_code
    set_clock(0)
    return status, seen[0]


@pytest.mark.guarded("N6")
def test_who_began_to_pay_in_time_gets_the_seat(
    owner: ApiClient, order: Order, gateway: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sweep_while_the_gateway_is_asked(owner, order, monkeypatch) == (200, set())

    assert (reload(order).status, noticed(*MONEY)) == ("FULFILLED", set())


@pytest.mark.control("N6")
def test_without_a_lock_in_the_sweep_takes_the_seat_of_somebody_who_pays(
    owner: ApiClient, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkout, "lock_in", lambda order, **_: None)

    status, meanwhile = sweep_while_the_gateway_is_asked(owner, order, monkeypatch)

    assert (status, reload(order).status) == (402, "EXPIRED")
    assert "I17" in meanwhile


def wake_up_after_the_janitor(owner: ApiClient, order: Order, later: Later) -> int:
    """A payer sleeps before it confirms, and dies right after; the webhook is lost. Then the customer pays again."""
    payment = begin_and_submit(order)
    later(121)
    janitor.run_janitor()
    get_gateway().confirm(intent_id=str(payment.intent_id), token="tok_visa")
    return int(owner.pay(order.pk).status_code)


@pytest.mark.guarded("N7")
def test_a_charge_that_the_janitor_fenced_is_never_captured(
    owner: ApiClient, order: Order, gateway: Simulator, later: Later
) -> None:
    assert wake_up_after_the_janitor(owner, order, later) == 200

    assert noticed(*MONEY) == set()
    assert len(set(gateway.captured()) & set(Payment.objects.values_list("pk", flat=True))) == 1


@pytest.mark.control("N7")
def test_a_janitor_that_only_reads_lets_the_customer_pay_twice(
    owner: ApiClient, order: Order, gateway: Simulator, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(payment: Payment) -> Charge:
        charge = get_gateway().get(intent_id=str(payment.intent_id))
        nothing_yet = charge.status == ChargeStatus.PENDING
        return Charge(ChargeStatus.CANCELLED, charge.intent_id, retryable=True) if nothing_yet else charge

    monkeypatch.setattr(janitor, "fence", read)

    assert wake_up_after_the_janitor(owner, order, later) == 200

    assert noticed(*MONEY) >= {"I18", "I19"}


def capture_after_the_end(order: Order, later: Later) -> None:
    """A payment counts as declined, its order's hold ends, and then the gateway tells that it was captured."""
    payment = begin_and_confirm(order)
    told(payment, ChargeStatus.DECLINED, retryable=True)
    later(1801)
    expire_due()
    assert post_event(event("payment.captured", payment)).status_code == 200
    send_refunds()


@pytest.mark.guarded("N8")
def test_money_that_comes_too_late_goes_back(order: Order, gateway: Simulator, later: Later) -> None:
    capture_after_the_end(order, later)

    assert (reload(order).status, noticed(*MONEY)) == ("EXPIRED", set())
    assert Payment.objects.get().status == "REFUNDED"


@pytest.mark.control("N8")
def test_late_money_that_is_ignored_is_money_for_nothing(
    order: Order, gateway: Simulator, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcome, "_send_back", lambda *_: "ignored")

    capture_after_the_end(order, later)

    assert noticed(*MONEY) >= {"I18", "I19"}


def deliver_again_and_again(order: Order) -> Counter[str]:
    """One event many times at the same moment; what the gateway is told."""
    body = event("payment.captured", begin_and_confirm(order))
    calls = [Runner(lambda: str(post_event(body).json()["outcome"]))] * DELIVERIES
    return Counter(race(calls, connect_first=False))


@pytest.mark.guarded("N9")
def test_an_event_is_received_once(order: Order, gateway: Simulator) -> None:
    assert deliver_again_and_again(order) == {"applied": 1, "duplicate": DELIVERIES - 1}

    assert noticed(*MONEY) == set()


@pytest.mark.control("N9")
def test_without_a_unique_receipt_an_event_is_received_many_times(
    order: Order, gateway: Simulator, without: Without
) -> None:
    without("payments_webhookreceipt", "payments_webhookreceipt_pkey")

    answers: dict[str, Any] = deliver_again_and_again(order)

    assert answers == {"applied": 1, "ignored": DELIVERIES - 1}
    assert "I22" in noticed(*MONEY)
