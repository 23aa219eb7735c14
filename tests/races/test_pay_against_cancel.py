"""The customer pays in one window and cancels in another: the outcome is that of one order or the other."""

import random
from collections import Counter

import pytest

from altis.shared.actors import Actor, Cause
from altis.store.database import command
from catalog.models import Hold
from orders.models import Order
from orders.services import cancel
from orders.services.cancel import cancel_order
from payments.services.pay import pay_order
from tests.payments.purchases import assert_sound, begin, broken, kept, make_order, moves
from tests.payments.simulators import Simulator
from tests.races.careless import careless
from tests.races.threads import Runner, race

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ROUNDS = 100


def test_paid_or_cancelled_and_never_both(owner_actor: Actor, gateway: Simulator) -> None:
    chance, ends = random.Random(5), Counter[str]()

    for _ in range(ROUNDS):
        order = make_order(owner_actor)
        told = race([_payer(order, owner_actor, chance), _canceller(order, owner_actor, chance)])
        held = Hold.objects.get(order_id=order.pk).status
        assert (*told, moves(order)[-1], held) in [
            ("FULFILLED", "order_not_cancellable", "FULFILLED", "SOLD"),
            ("order_not_payable", "CANCELLED", "CANCELLED", "RELEASED"),
        ]
        ends[moves(order)[-1]] += 1

    assert (ends["FULFILLED"] >= 5, ends["CANCELLED"] >= 5) == (True, True), ends
    assert_sound(gateway)


def test_without_the_lock_and_the_condition_an_order_is_cancelled_under_a_payer(
    owner_actor: Actor, gateway: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a cancellation that reads, decides and then writes whatever has happened since."""
    order = make_order(owner_actor)
    stale = Order.objects.get(pk=order.pk)
    payment = begin(order)

    monkeypatch.setattr(cancel, "move", careless)
    with command():
        cancel.cancel_locked(stale, cause=Cause(owner_actor, "customer_cancelled"))

    assert "I17" in broken()
    assert kept(gateway, [payment.pk]) == 0


def _payer(order: Order, actor: Actor, chance: random.Random) -> Runner:
    def pay() -> str:
        return str(pay_order(order_id=order.pk, token="tok_visa", actor=actor).order.status)

    return Runner(pay, after=chance.uniform(0, 0.004))


def _canceller(order: Order, actor: Actor, chance: random.Random) -> Runner:
    def call() -> str:
        return str(cancel_order(order_id=order.pk, actor=actor, reason="customer_cancelled").status)

    return Runner(call, after=chance.uniform(0, 0.004))
