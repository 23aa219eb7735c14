"""Staff give an order up, move it or extend it, while a worker or a colleague is at it: one wins, nothing is torn."""

import random
import threading
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import F

from altis.shared.actors import Actor
from altis.store.database import command
from altis.store.pipeline import flush
from catalog.models import Flight, Inventory
from catalog.services import ledger
from catalog.services.give_up import return_units
from orders.models import Order
from orders.services import extend_hold as extending
from orders.services import fulfil, rebook
from orders.services.archive import archive_order
from orders.services.expire import expire_due
from orders.services.extend_hold import extend_hold
from orders.services.parts import Parts
from payments.gateway import ChargeStatus
from payments.models import Refund
from payments.services import give_back as giving
from payments.services.give_back import give_back
from payments.services.pay import pay_order
from tests.insight.books import ALWAYS, violations
from tests.offers import market
from tests.payments.purchases import begin_and_confirm, make_order, reload, told
from tests.payments.simulators import Simulator
from tests.races.careless import careless
from tests.races.conftest import Without
from tests.races.threads import Runner, race, set_clock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
STAFF = Actor("staff", "usr_1")
ROUNDS = 8
_DAY = 86_400.0


def give(order: Order) -> str:
    return str(give_back(order_id=order.pk, actor=STAFF, reason="flight_cancelled").status)


def move(order: Order, to: Flight) -> str:
    """Rebook; `moved`, or the refusal's code by way of `race`."""
    came_from = order.slices[0]["segments"][0]["flight_id"]
    rebook.rebook(order_id=order.pk, from_flight=came_from, to_flight=to.pk, actor=STAFF, reason="flight_cancelled")
    return "moved"


def paid(actor: Actor) -> Order:
    return pay_order(order_id=make_order(actor).pk, token="tok_visa", actor=actor).order


def archive(order: Order) -> str:
    return str(archive_order(order_id=order.pk, actor=STAFF, reason="no_show").status)


def issued(order: Order) -> str:
    return str(fulfil.fulfil_order(order.pk).status)


def owed(actor: Actor) -> Order:
    """PAID, without documents."""
    order = make_order(actor)
    told(begin_and_confirm(order), ChargeStatus.SUCCEEDED)
    return reload(order)


def test_two_colleagues_give_an_order_back_once(owner_actor: Actor, gateway: Simulator) -> None:
    for _ in range(ROUNDS):
        order = paid(owner_actor)

        ends = race([Runner(partial(give, order))] * 3)

        assert sorted(ends) == ["CANCELLED", "order_not_refundable", "order_not_refundable"]
        assert Refund.objects.filter(payment__order=order).count() == 1
    assert violations(ALWAYS) == {}


def test_without_its_guards_the_money_goes_back_twice(
    owner_actor: Actor, gateway: Simulator, monkeypatch: pytest.MonkeyPatch, without: Without
) -> None:
    """Negative control: a colleague who has read the order before, and asks nobody again."""
    order = paid(owner_actor)
    stale, payment = reload(order), order.attempts.get()
    without("payments_refund", "refund_once_per_cause")
    give(order)

    monkeypatch.setattr(giving, "lock_order", lambda _: stale)
    monkeypatch.setattr(giving, "_captured", lambda _: payment)
    monkeypatch.setattr(giving, "left_of", lambda _: payment.amount_minor)
    monkeypatch.setattr(giving, "move", careless)
    monkeypatch.setattr(giving, "give_up_paid", lambda *_, **__: None)
    give(order)

    assert {"I20", "I32"} <= set(violations(ALWAYS))


def test_documents_of_a_given_up_order_are_void_whoever_was_first(owner_actor: Actor, gateway: Simulator) -> None:
    chance = random.Random(7)
    for _ in range(ROUNDS):
        order = owed(owner_actor)
        issue = Runner(partial(issued, order), after=chance.uniform(0, 0.004))

        ends = race([Runner(partial(give, order), after=chance.uniform(0, 0.004)), issue])

        assert ends[0] == "CANCELLED"
        assert ends[1] in ("FULFILLED", "CANCELLED")
        assert not order.documents.filter(voided_at__isnull=True).exists()
    assert violations(ALWAYS) == {}


def test_without_the_lock_and_the_condition_documents_are_issued_for_nothing(
    owner_actor: Actor, gateway: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: a worker that reads, and then writes whatever has happened since."""
    order = owed(owner_actor)
    stale = reload(order)
    give(order)

    monkeypatch.setattr(fulfil, "move", careless)
    with command():
        fulfil.fulfil_locked(stale, Parts(stale.pk))

    assert {"I5", "I9"} <= set(violations(ALWAYS))


def test_an_order_is_archived_or_given_back_and_never_both(owner_actor: Actor, gateway: Simulator) -> None:
    chance = random.Random(11)
    for _ in range(ROUNDS):
        order = paid(owner_actor)
        Flight.objects.update(cancelled_at=order.created_at, sales_open=False)
        closes = Runner(partial(archive, order), ahead=14 * _DAY, after=chance.uniform(0, 0.004))

        ends = race([Runner(partial(give, order), ahead=14 * _DAY, after=chance.uniform(0, 0.004)), closes])

        assert (ends, reload(order).status) in [
            (["CANCELLED", "order_not_archivable"], "CANCELLED"),
            (["order_not_refundable", "ARCHIVED"], "ARCHIVED"),
        ]
        Flight.objects.update(cancelled_at=None, sales_open=True)
    assert violations(ALWAYS) == {}


def test_the_last_seat_of_the_other_flight_takes_one_of_them(owner_actor: Actor, gateway: Simulator) -> None:
    orders = [paid(owner_actor) for _ in range(3)]
    other = market.fly("101", day=market.soon(11), seats=1)

    ends = race([Runner(partial(move, order, other)) for order in orders])

    assert sorted(ends) == ["moved", "sold_out", "sold_out"]
    figures = Inventory.objects.filter(product=None).order_by("pk").values_list("held", "sold")
    assert list(figures) == [(0, 2), (0, 1)]
    assert violations(ALWAYS) == {}


def test_without_the_ledgers_condition_the_last_seat_is_sold_twice(
    owner_actor: Actor, gateway: Simulator, monkeypatch: pytest.MonkeyPatch, without: Without
) -> None:
    """Negative control: whoever moves customers counts units without asking whether there are any."""
    orders = [paid(owner_actor) for _ in range(2)]
    other = market.fly("101", day=market.soon(11), seats=1)
    without("catalog_inventory", "inventory_never_oversold")

    def blind(*, needs: Any, **_: Any) -> None:
        for need in needs:
            Inventory.objects.filter(pk=need.inventory_id).update(sold=F("sold") + need.quantity)

    monkeypatch.setattr(rebook, "hold_units", blind)
    monkeypatch.setattr(rebook, "sell_units", lambda *_, **__: None)

    assert [move(order, other) for order in orders] == ["moved", "moved"]
    assert {"I1", "I2", "I6"} <= set(violations(ALWAYS))


def test_who_goes_there_and_who_comes_back_do_not_wait_for_each_other_in_a_ring(
    owner_actor: Actor, gateway: Simulator
) -> None:
    order, back = paid(owner_actor), paid(owner_actor)
    here = Flight.objects.get()
    there = market.fly("101", day=market.soon(11))
    move(back, there)
    for _ in range(ROUNDS):
        pair = [(reload(order), there), (reload(back), here)]

        ends = race([Runner(partial(move, who, to)) for who, to in pair])

        assert ends == ["moved", "moved"]
        order, back = back, order
    assert violations(ALWAYS) == {}


def test_without_one_order_of_locking_they_wait_for_each_other_in_a_ring(
    owner_actor: Actor, gateway: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: each has its new seat, and then wants the row from which the other takes one."""
    order, back = paid(owner_actor), paid(owner_actor)
    here, there = Flight.objects.get(), market.fly("101", day=market.soon(11))
    move(back, there)
    met = threading.Barrier(2, timeout=10)

    def both_have_theirs(*given: Any, **also: Any) -> None:
        flush()
        met.wait()
        return_units(*given, **also)

    monkeypatch.setattr(ledger, "lock", lambda _: None)
    monkeypatch.setattr(rebook, "return_units", both_have_theirs)
    monkeypatch.setattr(rebook, "retried", lambda work: work())
    with pytest.raises(OperationalError, match="deadlock"):
        race([Runner(lambda: move(reload(order), there)), Runner(lambda: move(reload(back), here))])


def test_a_hold_is_extended_or_swept_and_never_both(owner_actor: Actor, gateway: Simulator) -> None:
    chance = random.Random(13)
    for _ in range(ROUNDS):
        order = make_order(owner_actor)
        sweep = Runner(expire_due, ahead=1801, after=chance.uniform(0, 0.004))

        ends = race([Runner(partial(extend, order), after=chance.uniform(0, 0.004)), sweep])

        assert (ends, reload(order).status) in [(["PROPOSED", 0], "PROPOSED"), (["order_expired", 1], "EXPIRED")]
        if reload(order).status == "PROPOSED":
            extend(order)
    assert violations(ALWAYS) == {}


def test_without_the_condition_an_order_that_was_swept_is_extended(
    owner_actor: Actor, gateway: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the deadline is written, whatever has happened since the order was read."""
    order = make_order(owner_actor)
    stale = reload(order)
    set_clock(1801)
    expire_due()
    set_clock(0)

    monkeypatch.setattr(extending, "lock_order", lambda _: stale)
    monkeypatch.setattr(
        extending, "change_order", lambda row, *_, expires_at, **__: type(row).objects.update(expires_at=expires_at)
    )
    extend(order)

    assert "I14b" in violations(ALWAYS)


def extend(order: Order) -> str:
    return str(extend_hold(order_id=order.pk, minutes=60, actor=STAFF, reason="customer_request").status)
