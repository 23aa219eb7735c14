"""A payer and the sweep meet at the end of a hold: one of them has the order, never both, never none."""

import random
from collections import Counter
from typing import Any

import pytest

from altis.shared.actors import Actor
from altis.store.database import command, db_clock
from catalog.models import Hold
from orders.models import Order
from orders.services import checkout, expire
from orders.services.expire import expire_due
from payments.gateway import ChargeStatus
from payments.models import Payment
from tests.payments.purchases import begin, broken, make_order, moves, reload, told
from tests.races.threads import Runner, race, set_clock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ROUNDS = 200
PAID_FOR, LET_GO = ["PROPOSED", "PAYMENT_PENDING"], ["PROPOSED", "EXPIRED"]


def meet(order: Order, chance: random.Random) -> list[Any]:
    """Both start a few milliseconds around the deadline, the payer up to 6 ms before the sweep, or after it."""
    until = (order.expires_at - db_clock()).total_seconds() - chance.uniform(-0.002, 0.010)
    return race(
        [
            Runner(lambda: begin(order).status, ahead=until, after=chance.uniform(0, 0.006)),
            Runner(expire_due, ahead=until, after=chance.uniform(0, 0.006)),
        ]
    )


def settle(order: Order) -> None:
    """Give the seat back, and keep the order out of the next round's sweep."""
    payment = Payment.objects.filter(order=order).first()
    if payment is not None:
        told(payment, ChargeStatus.DECLINED)
    set_clock(1801)
    expire_due()
    set_clock(0)


def test_either_the_payer_or_the_sweep_has_the_order(owner_actor: Actor) -> None:
    chance, ends = random.Random(4), Counter[str]()

    for _ in range(ROUNDS):
        order = make_order(owner_actor)
        answer, swept = meet(order, chance)
        history = moves(order)
        held = Hold.objects.get(order_id=order.pk).status
        if answer == "CREATED":
            assert (history, held, swept) == (PAID_FOR, "HELD", 0)
        else:
            assert answer == "order_expired"
            # The sweep may have looked just before the deadline: then it comes again.
            assert (history, held) in [(LET_GO, "RELEASED"), (["PROPOSED"], "HELD")]
        assert broken() == []
        ends[history[-1]] += 1
        settle(order)

    assert (ends["PAYMENT_PENDING"] >= 5, ends["EXPIRED"] >= 5) == (True, True), ends


def test_without_the_condition_in_the_update_the_sweep_takes_a_payers_order(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the sweep decides on what it read before, and writes it whatever has happened since."""
    order = make_order(owner_actor)
    stale = Order.objects.get(pk=order.pk)
    begin(order)

    def careless(rows: Any, to: str, **also: Any) -> None:
        Order.objects.filter(pk__in=[row.pk for row in rows]).update(status=to)

    monkeypatch.setattr(expire, "move_many", careless)
    with command():
        expire.expire_locked(stale)

    assert reload(order).status == "EXPIRED"
    assert "locked in without an attempt, or the reverse" in broken()


def test_without_the_clock_read_after_the_lock_a_late_payer_gets_in(
    owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: both guards of the payer off, the check after the lock and the condition of the UPDATE."""
    order = make_order(owner_actor)
    monkeypatch.setattr(checkout, "is_past_deadline", lambda order: False)
    monkeypatch.setattr(checkout, "lock_in", checkout.lock_in_late)

    [answer] = race([Runner(lambda: begin(order).status, ahead=1801)])

    assert (answer, moves(order)) == ("CREATED", PAID_FOR)
