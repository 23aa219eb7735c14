"""Planted in the sweep: it ends what it once read as due, and does not look again (N5)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F, QuerySet

from altis.shared.actors import Actor
from orders.models import Order
from orders.services import expire
from tests.controls.stage import Stage
from tests.controls.witness import noticed
from tests.payments.purchases import begin, make_order, moves

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def pay_while_the_sweep_has_read(stage: Stage, order: Order) -> tuple[Any, Any]:
    """The sweep has the order in its hand when its owner begins to pay; what the two are told."""
    sweep = stage.stopped("sweep.after_lock", expire.expire_due, ahead=1801)
    payer = stage.as_far_as_it_gets(lambda: begin(order).status)
    stage.go_on()
    return sweep.result(), payer.result()


@pytest.mark.guarded("N5")
def test_the_payer_waits_for_the_sweep_and_is_told_that_it_is_too_late(stage: Stage, owner_actor: Actor) -> None:
    order = make_order(owner_actor)

    told = pay_while_the_sweep_has_read(stage, order)

    assert (told, moves(order)) == ((1, "order_expired"), ["PROPOSED", "EXPIRED"])
    assert noticed() == set()


class Unlocked(QuerySet[Order]):
    """Rows as they were once: nobody waits, and nothing is looked at again."""

    def select_for_update(self, **_: Any) -> "Unlocked":  # type: ignore[override]  # its parameters do not matter here
        return self


def move_blindly(rows: QuerySet[Order], to: str, **_: Any) -> int:
    """Write a status whatever the row's is by now."""
    return rows.update(status=to, version=F("version") + 1)


@pytest.mark.control("N5")
def test_a_sweep_that_does_not_look_again_takes_a_payers_seat(
    stage: Stage, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_order(owner_actor)
    monkeypatch.setattr(expire, "Order", SimpleNamespace(objects=Unlocked(Order)))
    monkeypatch.setattr(expire, "move_set", move_blindly)

    told = pay_while_the_sweep_has_read(stage, order)

    assert told == (1, "CREATED")
    assert noticed() >= {"I9", "I17"}


def test_either_of_the_sweeps_two_looks_is_enough(
    stage: Stage, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_order(owner_actor), make_order(owner_actor)
    with monkeypatch.context() as patch:
        patch.setattr(expire, "move_set", move_blindly)
        assert pay_while_the_sweep_has_read(stage, first) == (2, "order_expired")
    third = make_order(owner_actor)
    with monkeypatch.context() as patch:
        patch.setattr(expire, "Order", SimpleNamespace(objects=Unlocked(Order)))
        assert pay_while_the_sweep_has_read(stage, third) == ("state_changed", "CREATED")

    assert [moves(order)[-1] for order in (first, second, third)] == ["EXPIRED", "EXPIRED", "PAYMENT_PENDING"]
    assert noticed() == set()
