"""After any mix of payments, crashes, lost answers, webhooks, sweeps and cancellations the gateway's books are ours."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from orders.models import Order
from orders.services.cancel import cancel_order
from orders.services.expire import expire_all_due
from orders.services.fulfil import fulfil_paid
from payments.gateway import ChargeStatus, get_gateway
from payments.lifecycle import UNDECIDED
from payments.models import Payment, Refund
from payments.services import pay
from payments.services.janitor import run_janitor
from payments.services.refund import send_refunds
from tests.conftest import Later
from tests.payments.purchases import (
    Meanwhile,
    assert_sound,
    begin,
    begin_and_confirm,
    begin_and_submit,
    broken,
    event,
    make_order,
    post_event,
)
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db
OPERATIONS = 200
TOKENS = (*["tok_visa"] * 2, "tok_declined", "tok_stolen_card", "tok_error", "tok_pending")


class Traffic:
    """Random operations of customers, the gateway and our own jobs on one market."""

    def __init__(self, seed: int, actor: Actor, later: Later, patch: pytest.MonkeyPatch) -> None:
        self.random, self.actor, self.later, self.patch = random.Random(seed), actor, later, patch
        self.seconds = 0.0
        self.done: Counter[str] = Counter()
        self.told: list[dict[str, object]] = []

    def operations(self) -> list[Callable[[], object]]:
        return [
            *[self.order] * 2,
            *[self.pay] * 4,
            *[self.pay_and_lose_the_answer] * 2,
            *[self.die_while_paying] * 2,
            self.tell_a_capture,
            *[self.tell_a_failure] * 2,
            self.tell_again,
            self.cancel,
            self.wait,
            *[self.jobs] * 3,
        ]

    def run(self) -> None:
        """One operation; a refusal of ours is an ordinary end."""
        operation = self.random.choice(self.operations())
        try:
            operation()
            self.done[operation.__name__] += 1
        except AltisError as refused:
            self.done[refused.code] += 1

    def order(self) -> None:
        make_order(self.actor)

    def pay(self) -> None:
        pay.pay_order(order_id=self._order().pk, token=self.random.choice(TOKENS), actor=self.actor)

    def pay_and_lose_the_answer(self) -> None:
        port = Meanwhile(lose=self.random.choice(["answer", "call"]))
        with self.patch.context() as patched:
            patched.setattr(pay, "get_gateway", lambda name: port)
            self.pay()

    def die_while_paying(self) -> None:
        self.random.choice([begin, begin_and_submit, begin_and_confirm])(self._order())

    def tell_a_capture(self) -> None:
        captured = [payment for payment in Payment.objects.order_by("pk") if _captured(payment)]
        if captured:
            self._tell("payment.captured", self.random.choice(captured), retryable=False)

    def tell_a_failure(self) -> None:
        # The gateway takes it back later when it was wrong: the capture is told in the end.
        payments = Payment.objects.order_by("-pk")
        some = list(payments.filter(status__in=UNDECIDED) or payments[:3])
        if some:
            self._tell("payment.failed", self.random.choice(some), retryable=self.random.random() < 0.7)

    def tell_again(self) -> None:
        if self.told:
            assert post_event(self.random.choice(self.told)).json() == {"outcome": "duplicate"}

    def cancel(self) -> None:
        cancel_order(order_id=self._order().pk, actor=self.actor, reason="customer_cancelled")

    def wait(self) -> None:
        self.seconds += self.random.choice([5, 20, 130, 1801])
        self.later(self.seconds)

    def jobs(self) -> None:
        for job in (run_janitor, send_refunds, expire_all_due, fulfil_paid):
            job()

    def settle(self) -> None:
        """Everything that was captured is told once, and every job has had its turn."""
        for _ in range(20):
            self.seconds += 301
            self.later(self.seconds)
            run_janitor()
            for payment in Payment.objects.filter(status="DECLINED"):
                if _captured(payment):
                    self._tell("payment.captured", payment, retryable=False)
            send_refunds(), expire_all_due(), fulfil_paid()

    def _tell(self, kind: str, payment: Payment, *, retryable: bool) -> None:
        self.told.append(event(kind, payment, retryable=retryable))
        assert post_event(self.told[-1]).status_code == 200

    def _order(self) -> Order:
        orders = Order.objects.order_by("-pk")
        waiting = orders.filter(status__in=["PROPOSED", "PAYMENT_PENDING"])[:4]
        some = waiting if self.random.random() < 0.8 else orders[:6]
        return self.random.choice(list(some) or [make_order(self.actor)])


def _captured(payment: Payment) -> bool:
    known = payment.intent_id is not None
    return known and get_gateway().get(intent_id=str(payment.intent_id)).status == ChargeStatus.SUCCEEDED


@pytest.mark.parametrize("seed", [20261122, 7])
def test_what_the_gateway_kept_is_what_the_sold_orders_cost(
    seed: int, owner_actor: Actor, later: Later, gateway: Simulator, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.ALTIS_OFFER_TTL_SECONDS = 86_400  # offers are dated by the real clock, which stands still here
    traffic = Traffic(seed, owner_actor, later, monkeypatch)

    for _ in range(OPERATIONS):
        traffic.run()
        assert broken() == [], traffic.done
    traffic.settle()

    assert_sound(gateway)
    assert not Payment.objects.filter(status__in=[*UNDECIDED, "REFUND_PENDING"]).exists()
    assert set(Refund.objects.values_list("status", flat=True)) <= {"SUCCEEDED"}
    assert set(Order.objects.values_list("status", flat=True)) == {"FULFILLED", "EXPIRED", "CANCELLED"}
    assert Payment.objects.count() >= 20, traffic.done
