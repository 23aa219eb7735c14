"""Giving the money of a paid order back: all of it with the order, or a part without touching it; never too much."""

from datetime import timedelta
from typing import Any

import pytest

from altis.shared.actors import Actor
from altis.shared.money import Money
from altis.store.models import OutboxEvent
from altis.store.transition import LostRace
from catalog.models import Flight
from orders.errors import OrderFlown, OrderNotFound, OrderNotRefundable
from orders.models import Order
from orders.services.archive import archive_flown
from orders.services.fulfil import issue_documents
from payments.errors import RefundTooLarge
from payments.gateway import ChargeStatus, RefundResult, RefundStatus
from payments.gateways.simulator import SimulatorGateway
from payments.models import Payment, Refund
from payments.services.give_back import give_back
from payments.services.pay import pay_order
from payments.services.refund import send_refunds
from payments.services.resend_refund import resend_refund
from tests.catalog.books import figures, gate
from tests.conftest import Later
from tests.factories import cabin_of
from tests.insight.books import ALWAYS, violations
from tests.orders.trips import nothing_happens
from tests.payments.purchases import (
    assert_sound,
    begin_and_confirm,
    kept,
    make_order,
    moves,
    refunds_of,
    reload,
    told,
    units,
)
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "usr_1")


@pytest.fixture
def paid(owner_actor: Actor, gateway: Simulator) -> Order:
    """FULFILLED, 200.00 captured."""
    return pay_order(order_id=make_order(owner_actor).pk, token="tok_visa", actor=owner_actor).order


def give(order: Order, amount: str = "", *, seen: int | None = None) -> Order:
    """Give all of it back, or so many dollars."""
    part = Money.of(amount, "USD") if amount else None
    return give_back(order_id=order.pk, actor=STAFF, reason="flight_cancelled", amount=part, seen=seen)


def payment_of(order: Order) -> Payment:
    return Payment.objects.get(order=order)


def test_a_given_up_order_gives_its_money_its_seats_and_its_documents_back(paid: Order, gateway: Simulator) -> None:
    assert units() == (0, 1)

    given = give(paid)

    assert (given.status, given.version, units()) == ("CANCELLED", paid.version + 1, (0, 0))
    assert set(paid.items.values_list("status", flat=True)) == {"REFUNDED"}
    assert not paid.documents.filter(voided_at__isnull=True).exists()
    assert (payment_of(paid).status, Refund.objects.get().status) == ("REFUND_PENDING", "PENDING")
    assert violations(ALWAYS) == {}
    assert send_refunds() == 1
    assert (payment_of(paid).status, refunds_of(gateway, payment_of(paid))) == ("REFUNDED", ["200.00"])
    assert_sound(gateway)


def test_who_gave_it_back_and_why_stands_in_every_history(paid: Order) -> None:
    give(paid)
    send_refunds()

    last = list(paid.events.order_by("sequence"))[-2:]
    lines = [(event.from_status, event.to_status, event.change, event.actor, event.reason) for event in last]
    assert lines == [
        ("FULFILLED", "CANCELLED", "", "staff:usr_1", "flight_cancelled"),
        ("CANCELLED", "CANCELLED", "refunded", "system:refunds", "refunded"),
    ]
    journal = cabin_of(Flight.objects.get()).journal.order_by("version").last()
    assert journal is not None
    assert (journal.kind, journal.d_sold, journal.actor, journal.reason) == (
        "RETURN",
        -1,
        "staff:usr_1",
        "flight_cancelled",
    )
    types = OutboxEvent.objects.filter(subject=payment_of(paid).pk).order_by("sequence").values_list("type", flat=True)
    assert list(types)[-2:] == ["altis.payment.refund_requested", "altis.payment.refunded"]


@pytest.mark.django_db(transaction=True)
def test_the_gate_hears_of_the_units(paid: Order) -> None:
    give(paid)

    seats = cabin_of(Flight.objects.get())
    assert gate(seats) == {"base": "100", "ver": str(figures(seats)[2])}


def test_an_order_whose_documents_are_owed_is_given_up_and_none_are_issued(
    owner_actor: Actor, gateway: Simulator
) -> None:
    order = make_order(owner_actor)
    told(begin_and_confirm(order), ChargeStatus.SUCCEEDED)
    assert (reload(order).status, give(order).status) == ("PAID", "CANCELLED")

    assert issue_documents(order.pk).status == "CANCELLED"
    assert (moves(order)[-1], order.documents.count()) == ("CANCELLED", 0)
    assert violations(ALWAYS) == {}


def test_a_second_one_is_refused(paid: Order, gateway: Simulator) -> None:
    give(paid)

    with nothing_happens(), pytest.raises(OrderNotRefundable):
        give(paid)
    with nothing_happens(), pytest.raises(OrderNotRefundable):
        give(paid, "1.00")
    assert Refund.objects.count() == 1


def test_an_unpaid_and_an_unknown_order_are_refused(owner_actor: Actor, gateway: Simulator) -> None:
    order = make_order(owner_actor)

    with nothing_happens(), pytest.raises(OrderNotRefundable):
        give(order)
    with pytest.raises(OrderNotFound):
        give_back(order_id="ord_1", actor=STAFF, reason="flight_cancelled")
    assert not Refund.objects.exists()


def test_a_flown_order_keeps_its_money_unless_the_flight_was_cancelled(paid: Order, later: Later) -> None:
    later(timedelta(days=10, hours=12).total_seconds())

    with nothing_happens(), pytest.raises(OrderFlown):
        give(paid)
    assert give(paid, "50.00").status == "FULFILLED"
    Flight.objects.update(cancelled_at=paid.created_at, sales_open=False)

    assert give(paid).status == "CANCELLED"


def test_an_archived_order_is_closed(paid: Order, later: Later) -> None:
    later(timedelta(days=13).total_seconds())
    assert archive_flown() == 1

    for amount in ("", "1.00"):
        with nothing_happens(), pytest.raises(OrderNotRefundable):
            give(paid, amount)


def test_a_part_leaves_the_order_as_it_is(paid: Order, gateway: Simulator) -> None:
    given = give(paid, "30.50")

    assert (given.status, units(), payment_of(paid).status) == ("FULFILLED", (0, 1), "SUCCEEDED")
    assert violations(ALWAYS) == {}
    assert send_refunds() == 1
    assert (payment_of(paid).status, Refund.objects.get().status) == ("SUCCEEDED", "SUCCEEDED")
    assert refunds_of(gateway, payment_of(paid)) == ["30.50"]
    assert [event.change for event in paid.events.order_by("sequence")][-2:] == ["compensated", "refunded"]
    assert reload(paid).refunds[0]["status"] == "SUCCEEDED"
    assert violations(ALWAYS) == {}


def test_a_part_that_is_asked_for_twice_is_given_once(paid: Order) -> None:
    given = give(paid, "30.50", seen=paid.version)

    with nothing_happens(), pytest.raises(LostRace):
        give(paid, "30.50", seen=paid.version)
    assert Refund.objects.count() == 1
    assert give(paid, "30.50", seen=given.version).version == given.version + 1


def test_the_events_tell_how_much_goes_back_and_when_it_has_arrived(paid: Order) -> None:
    give(paid, "30.50")
    send_refunds()

    told = OutboxEvent.objects.filter(subject=paid.pk, payload__has_key="refunds").order_by("sequence")
    assert [
        (event.type, [(r["status"], r["amount"]["amount"]) for r in event.payload["refunds"]]) for event in told
    ] == [
        ("altis.order.compensated", [("PENDING", "30.50")]),
        ("altis.order.refunded", [("SUCCEEDED", "30.50")]),
    ]


def test_all_of_it_after_parts_is_what_is_left(paid: Order, gateway: Simulator) -> None:
    give(paid, "30.50")
    give(paid, "20.00")
    give(paid)

    assert send_refunds() == 3

    assert sorted(refunds_of(gateway, payment_of(paid))) == ["149.50", "20.00", "30.50"]
    assert kept(gateway, [payment_of(paid).pk]) == 0
    assert payment_of(paid).status == "REFUNDED"
    assert violations(ALWAYS) == {}


@pytest.mark.parametrize("amount", ["0.00", "200.00", "200.01", "-1.00"])
def test_a_part_is_more_than_nothing_and_less_than_what_is_left(paid: Order, amount: str) -> None:
    with nothing_happens(), pytest.raises(RefundTooLarge):
        give(paid, amount)

    assert not Refund.objects.exists()


def test_parts_together_stay_below_what_was_captured(paid: Order) -> None:
    give(paid, "150.00")

    with nothing_happens(), pytest.raises(RefundTooLarge):
        give(paid, "50.00")
    with pytest.raises(RefundTooLarge):
        give_back(order_id=paid.pk, actor=STAFF, reason="goodwill", amount=Money.of("1.00", "EUR"))
    assert Refund.objects.count() == 1


def test_a_part_that_the_gateway_refuses_may_be_given_again(
    paid: Order, monkeypatch: pytest.MonkeyPatch, gateway: Simulator
) -> None:
    give(paid, "150.00")
    refuse_all(monkeypatch)
    send_refunds()
    monkeypatch.undo()

    give(paid, "150.00")

    assert list(Refund.objects.order_by("pk").values_list("status", "cause")) == [
        ("FAILED", "goodwill_1"),
        ("PENDING", "goodwill_2"),
    ]
    assert violations(ALWAYS) == {}


def test_a_refund_that_was_refused_goes_out_again_and_contradicts_nothing(
    paid: Order, monkeypatch: pytest.MonkeyPatch, gateway: Simulator
) -> None:
    give(paid)
    refuse_all(monkeypatch)
    send_refunds()
    monkeypatch.undo()

    again = resend_refund(refund_id=Refund.objects.get().pk, actor=STAFF, reason="bank_is_back")

    assert (again.status, again.version, violations(ALWAYS)) == ("PENDING", 3, {})
    assert send_refunds() == 1
    assert (payment_of(paid).status, Refund.objects.get().version) == ("REFUNDED", 4)
    assert_sound(gateway)


def refuse_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway refuses every refund."""

    def refused(*_: Any, **__: Any) -> RefundResult:
        return RefundResult(RefundStatus.FAILED)

    monkeypatch.setattr(SimulatorGateway, "refund", refused)
