"""Paying in three phases: what each answer of the gateway does, and what is left when a phase never happens."""

from typing import Any

import pytest
from django.db import connection

from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from orders.errors import OrderGone, OrderNotFound, OrderNotPayable, PaymentInProgress
from orders.models import Document, Order
from orders.services import fulfil
from orders.services.cancel import cancel_order
from orders.services.expire import expire_due
from payments.errors import PaymentDeclined, PaymentRefused
from payments.gateway import ChargeStatus
from payments.models import Payment
from payments.services import pay
from payments.services.janitor import run_janitor
from tests.conftest import Later
from tests.payments.purchases import (
    Meanwhile,
    assert_sound,
    begin,
    event,
    make_order,
    moves,
    post_event,
    reload,
    told,
    units,
)
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(owner_actor: Actor, gateway: Simulator) -> Order:
    return make_order(owner_actor)


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Pay through this gateway; the janitor keeps the plain one."""
    return lambda port: monkeypatch.setattr(pay, "get_gateway", lambda name: port)


def pay_with(order: Order, token: str = "tok_visa") -> pay.Paid:
    return pay.pay_order(order_id=order.pk, token=token, actor=Actor("user", order.owner_id))


def refusal(order: Order, token: str = "tok_visa") -> type[AltisError]:
    with pytest.raises(AltisError) as refused:
        pay_with(order, token)
    return type(refused.value)


def statuses() -> list[str]:
    return list(Payment.objects.order_by("pk").values_list("status", flat=True))


def test_a_capture_ends_in_documents(order: Order, gateway: Simulator) -> None:
    paid = pay_with(order)

    assert (paid.open, paid.order.status, statuses()) == (False, "FULFILLED", ["SUCCEEDED"])
    assert moves(order) == ["PROPOSED", "PAYMENT_PENDING", "PAID", "FULFILLED"]
    assert (units(), Document.objects.count()) == ((0, 1), 1)
    assert_sound(gateway)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("tok_declined", "card_declined"),
        ("tok_insufficient_funds", "insufficient_funds"),
        ("tok_nobody_issued", "invalid_token"),
    ],
)
def test_a_retryable_decline_leaves_the_order_and_its_clock(order: Order, token: str, code: str) -> None:
    assert refusal(order, token) is PaymentDeclined

    now, payment = reload(order), Payment.objects.get()
    assert (now.status, now.expires_at, units()) == ("PROPOSED", order.expires_at, (1, 0))
    assert (payment.status, payment.decline_code, payment.final) == ("DECLINED", code, False)


def test_a_stolen_card_ends_the_order_and_frees_its_seats(order: Order, gateway: Simulator) -> None:
    assert refusal(order, "tok_stolen_card") is PaymentRefused

    assert (reload(order).status, units(), statuses()) == ("CANCELLED", (0, 0), ["DECLINED"])
    assert_sound(gateway)


def test_the_third_decline_ends_the_order(order: Order, gateway: Simulator) -> None:
    told_each_time = [refusal(order, "tok_declined") for _ in range(3)]

    assert told_each_time == [PaymentDeclined, PaymentDeclined, PaymentRefused]
    assert (reload(order).status, units()) == ("CANCELLED", (0, 0))
    assert refusal(order) is OrderNotPayable
    assert_sound(gateway)


def test_the_third_attempt_may_still_succeed(order: Order, gateway: Simulator) -> None:
    refusal(order, "tok_declined")
    refusal(order, "tok_insufficient_funds")

    assert pay_with(order).order.status == "FULFILLED"
    assert_sound(gateway)


@pytest.mark.parametrize("token", ["tok_pending", "tok_error"])
def test_an_open_answer_keeps_the_order_locked_in(order: Order, token: str, later: Later) -> None:
    paid = pay_with(order, token)
    later(1801)

    assert (paid.open, paid.order.status, statuses()) == (True, "PAYMENT_PENDING", ["UNKNOWN"])
    assert (expire_due(), units()) == (0, (1, 0))


def test_an_answer_that_takes_too_long_is_open_though_the_money_was_captured(
    order: Order, gateway: Simulator, settings: Any
) -> None:
    settings.ALTIS_GATEWAY_TIMEOUT_SECONDS = 0.3

    paid = pay_with(order, "tok_timeout")

    assert (paid.open, statuses()) == (True, ["UNKNOWN"])
    assert gateway.captured().count(Payment.objects.get().pk) == 1


def test_the_token_is_stored_nowhere(order: Order) -> None:
    pay_with(order, "tok_visa")

    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(p::text, '') FROM payments_payment p")
        rows = cursor.fetchone()[0]
    assert "tok_visa" not in rows
    assert "tok_visa" not in str(reload(order).payments)


def test_a_late_payer_is_refused_and_the_order_expires_then(order: Order, later: Later) -> None:
    later(1800.5)

    assert refusal(order) is OrderGone
    assert (reload(order).status, units(), statuses()) == ("EXPIRED", (0, 0), [])
    assert refusal(order) is OrderGone


def test_the_hold_ends_at_its_deadline_and_not_after_it(order: Order, later: Later) -> None:
    until = (order.expires_at - order.created_at).total_seconds()
    later(until - 2)

    assert pay_with(order).order.status == "FULFILLED"


@pytest.mark.parametrize("state", ["locked in", "paid", "cancelled"])
def test_only_an_order_that_waits_for_a_payment_can_be_paid(order: Order, owner_actor: Actor, state: str) -> None:
    if state == "locked in":
        begin(order)
    elif state == "paid":
        pay_with(order)
    else:
        cancel_order(order_id=order.pk, actor=owner_actor, reason="customer_cancelled")
    before = (reload(order).version, statuses())

    assert refusal(order) is (PaymentInProgress if state == "locked in" else OrderNotPayable)
    assert (reload(order).version, statuses()) == before


def test_the_webhook_may_be_faster_than_the_answer(order: Order, gateway: Simulator, through: Any) -> None:
    outcomes: list[str] = []

    def hook() -> None:
        outcomes.append(post_event(event("payment.captured", Payment.objects.get())).json()["outcome"])

    through(Meanwhile(after=hook))
    paid = pay_with(order)

    assert (outcomes, paid.order.status, statuses()) == (["applied"], "FULFILLED", ["SUCCEEDED"])
    assert moves(order).count("PAID") == 1
    assert_sound(gateway)


@pytest.mark.parametrize(("token", "ends"), [("tok_declined", PaymentDeclined), ("tok_stolen_card", PaymentRefused)])
def test_a_decline_told_by_webhook_first_gives_the_same_answer(
    order: Order, through: Any, token: str, ends: type[AltisError]
) -> None:
    retryable = ends is PaymentDeclined
    through(Meanwhile(after=lambda: post_event(event("payment.failed", Payment.objects.get(), retryable=retryable))))

    assert refusal(order, token) is ends
    assert reload(order).status == ("PROPOSED" if ends is PaymentDeclined else "CANCELLED")


def test_the_janitor_may_be_faster_than_the_answer(order: Order, through: Any, later: Later) -> None:
    def janitor() -> None:
        later(16)
        run_janitor()

    through(Meanwhile(after=janitor))
    paid = pay_with(order)

    assert (paid.order.status, statuses(), moves(order).count("PAID")) == ("FULFILLED", ["SUCCEEDED"], 1)


def test_a_worker_that_slept_beyond_the_deadline_charges_nobody(
    order: Order, gateway: Simulator, through: Any, later: Later
) -> None:
    def janitor() -> None:
        later(121)
        assert run_janitor() == 1

    through(Meanwhile(before=janitor))

    assert refusal(order) is PaymentDeclined
    assert (reload(order).status, statuses()) == ("PROPOSED", ["DECLINED"])
    assert Payment.objects.get().pk not in gateway.captured()


def test_no_transaction_is_open_while_the_gateway_is_asked(order: Order, through: Any) -> None:
    seen: list[list[str]] = []
    # The test's own transaction is the only one: what the first phase wrote stands beneath no savepoint of its own.
    through(
        Meanwhile(before=lambda: seen.append(list(connection.savepoint_ids)), after=lambda: seen.append(statuses()))
    )

    pay_with(order)

    assert seen == [[], ["SUBMITTED"]]


def test_documents_that_fail_leave_the_order_paid_and_are_issued_later(
    order: Order, gateway: Simulator, monkeypatch: pytest.MonkeyPatch, later: Later
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(fulfil, "boarding_payloads", lambda **facts: 1 / 0)
        paid = pay_with(order)
    assert (paid.open, paid.order.status, Document.objects.count()) == (False, "PAID", 0)

    later(31)
    assert fulfil.fulfil_paid() == 1

    assert (reload(order).status, Document.objects.count()) == ("FULFILLED", 1)
    assert_sound(gateway)


def test_nobody_begins_a_payment_for_somebody_elses_order(order: Order) -> None:
    with pytest.raises(OrderNotFound):
        pay.begin_payment(order.pk, actor=Actor("user", "usr_01jd0000000000000000000000"))

    assert (reload(order).status, statuses(), units()) == ("PROPOSED", [], (1, 0))


def test_a_deadline_that_passes_inside_the_lock_in_is_told_as_such(
    order: Order, monkeypatch: pytest.MonkeyPatch, later: Later
) -> None:
    with monkeypatch.context() as between:
        # After the check and before the guarded UPDATE; the roll-back then sets the clock back.
        between.setattr(pay, "begin", lambda payment, cause: later(1801))
        assert refusal(order) is OrderGone

    assert (reload(order).status, statuses(), units()) == ("PROPOSED", [], (1, 0))


def test_a_charge_of_another_amount_is_a_declined_payment(order: Order, through: Any) -> None:
    def hook() -> None:
        post_event(event("payment.captured", Payment.objects.get(), amount="1.00"))

    through(Meanwhile(after=hook))

    assert refusal(order) is PaymentDeclined
    assert (reload(order).status, statuses()) == ("PROPOSED", ["REFUND_PENDING"])


def test_a_success_found_at_the_last_phase_counts_although_it_was_declined_before(
    order: Order, gateway: Simulator, through: Any
) -> None:
    through(Meanwhile(after=lambda: told(Payment.objects.get(), ChargeStatus.DECLINED, retryable=True)))

    assert pay_with(order).order.status == "FULFILLED"
    assert_sound(gateway)
