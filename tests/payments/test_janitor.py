"""The janitor ends every attempt: it asks before the deadline and fences after it."""

from typing import Any

import pytest

from altis.shared.actors import Actor
from altis.store.database import db_clock
from orders.models import Order
from orders.services.fulfil import fulfil_paid
from payments.gateway import ChargeStatus, get_gateway
from payments.models import Payment
from payments.services import janitor
from payments.services.janitor import run_janitor
from payments.services.pay import pay_order
from tests.conftest import Later
from tests.payments.purchases import (
    Meanwhile,
    assert_sound,
    begin,
    begin_and_confirm,
    begin_and_submit,
    broken,
    make_order,
    reload,
    told,
    units,
)
from tests.payments.simulators import Simulator, wait_until

pytestmark = pytest.mark.django_db
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
def order(owner_actor: Actor, gateway: Simulator) -> Order:
    return make_order(owner_actor)


@pytest.fixture
def away(settings: Any, gateway: Simulator) -> Any:
    """`away(True)`: the gateway cannot be reached."""

    def switch(gone: bool) -> None:
        settings.ALTIS_SIMULATOR_URL = NOWHERE if gone else gateway.url

    return switch


def state(order: Order) -> tuple[str, str]:
    return reload(order).status, Payment.objects.order_by("-pk").values_list("status", flat=True)[0]


def next_look(payment: Payment) -> int:
    """Seconds until the janitor looks again, to the nearest."""
    return round((reload(payment).check_at - db_clock()).total_seconds())


def test_a_fresh_attempt_is_left_to_the_request_that_makes_it(order: Order, later: Later) -> None:
    begin_and_confirm(order)

    later(14)

    assert (run_janitor(), state(order)) == (0, ("PAYMENT_PENDING", "SUBMITTED"))


@pytest.mark.parametrize(
    ("token", "ends"),
    [
        ("tok_visa", ("PAID", "SUCCEEDED")),
        ("tok_declined", ("PROPOSED", "DECLINED")),
        ("tok_stolen_card", ("CANCELLED", "DECLINED")),
    ],
)
def test_a_decision_nobody_heard_is_asked_for(
    order: Order, later: Later, gateway: Simulator, token: str, ends: tuple[str, str]
) -> None:
    begin_and_confirm(order, token)

    later(16)

    assert (run_janitor(), state(order)) == (1, ends)
    assert run_janitor() == 0
    assert_sound(gateway)


def test_a_pending_charge_is_settled_by_the_janitor_alone(order: Order, later: Later, gateway: Simulator) -> None:
    pay_order(order_id=order.pk, token="tok_pending", actor=Actor("user", order.owner_id))
    wait_until(lambda: gateway.captured().count(Payment.objects.get().pk))

    later(16)

    assert (run_janitor(), state(order)) == (1, ("PAID", "SUCCEEDED"))
    assert (fulfil_paid(), reload(order).status) == (1, "FULFILLED")
    assert_sound(gateway)


def test_an_answer_that_came_too_late_is_settled_by_the_janitor_alone(
    order: Order, later: Later, gateway: Simulator, settings: Any
) -> None:
    settings.ALTIS_GATEWAY_TIMEOUT_SECONDS = 0.3
    paid = pay_order(order_id=order.pk, token="tok_timeout", actor=Actor("user", order.owner_id))
    settings.ALTIS_GATEWAY_TIMEOUT_SECONDS = 5.0

    later(16)

    assert (paid.open, run_janitor(), state(order)) == (True, 1, ("PAID", "SUCCEEDED"))
    assert_sound(gateway)


def test_before_the_deadline_the_janitor_only_reads(order: Order, later: Later) -> None:
    payment = begin_and_submit(order)

    later(119)

    assert (run_janitor(), state(order)) == (0, ("PAYMENT_PENDING", "SUBMITTED"))
    assert get_gateway().get(intent_id=str(payment.intent_id)).status == ChargeStatus.PENDING


@pytest.mark.parametrize("reached", [begin, begin_and_submit])
def test_after_the_deadline_an_attempt_that_charged_nobody_is_fenced(
    order: Order, later: Later, gateway: Simulator, reached: Any
) -> None:
    payment = reached(order)
    later(120)

    assert (run_janitor(), state(order)) == (1, ("PROPOSED", "DECLINED"))

    intent = get_gateway().create(key=payment.pk, amount=payment.amount)
    late = get_gateway().confirm(intent_id=str(intent.intent_id), token="tok_visa")
    assert (late.status, gateway.captured().count(payment.pk)) == (ChargeStatus.CANCELLED, 0)
    assert (reload(order).expires_at, units()) == (order.expires_at, (1, 0))
    assert_sound(gateway)


def test_a_gateway_error_ends_in_proposed_after_the_deadline(order: Order, later: Later, gateway: Simulator) -> None:
    pay_order(order_id=order.pk, token="tok_error", actor=Actor("user", order.owner_id))
    later(119)
    assert (run_janitor(), state(order)) == (0, ("PAYMENT_PENDING", "UNKNOWN"))

    later(121)

    assert (run_janitor(), state(order)) == (1, ("PROPOSED", "DECLINED"))
    assert_sound(gateway)


def test_the_fence_finds_a_capture_instead(order: Order, later: Later, gateway: Simulator) -> None:
    begin_and_confirm(order)

    later(1801)

    assert (run_janitor(), state(order), units()) == (1, ("PAID", "SUCCEEDED"), (0, 1))
    assert_sound(gateway)


def test_our_own_fence_of_the_third_attempt_ends_the_order(order: Order, later: Later) -> None:
    for _ in range(2):
        told(begin(order), ChargeStatus.DECLINED, retryable=True)
    begin(order)
    later(121)

    assert (run_janitor(), state(order), units()) == (1, ("CANCELLED", "DECLINED"), (0, 0))


def test_looks_are_spread_out_and_one_falls_on_the_deadline(order: Order, later: Later, away: Any) -> None:
    payment = begin_and_submit(order)
    away(True)

    def look_at(seconds: float) -> int:
        later(seconds + 0.5)
        run_janitor()
        return next_look(payment)

    # 5 s, doubled each time, cut short at the deadline, never longer than five minutes.
    assert [look_at(seconds) for seconds in (15, 20, 30, 50)] == [5, 10, 20, 40]
    look_at(90)
    assert reload(payment).check_at == payment.deadline_at
    assert [look_at(seconds) for seconds in (120, 280, 600)] == [160, 300, 300]
    assert (state(order), units()) == (("PAYMENT_PENDING", "SUBMITTED"), (1, 0))


def test_an_hour_without_the_gateway_holds_the_seat_and_settles_on_its_return(
    order: Order, later: Later, away: Any, gateway: Simulator
) -> None:
    begin_and_confirm(order)
    away(True)
    later(3600)
    assert (run_janitor(), state(order), units()) == (0, ("PAYMENT_PENDING", "SUBMITTED"), (1, 0))

    away(False)
    later(3600 + 301)

    assert (run_janitor(), state(order)) == (1, ("PAID", "SUCCEEDED"))
    assert_sound(gateway)


@pytest.mark.parametrize(("seconds", "alarms"), [(120 + 899, 0), (120 + 901, 1)])
def test_a_stuck_payment_alarms_after_a_quarter_of_an_hour(
    order: Order, later: Later, away: Any, caplog: pytest.LogCaptureFixture, seconds: int, alarms: int
) -> None:
    begin_and_submit(order)
    away(True)
    later(seconds)

    run_janitor()

    assert caplog.text.count("payment stuck") == alarms


def test_a_crash_between_the_fence_and_its_effect_is_repeated(
    order: Order, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_and_submit(order)
    later(121)
    with monkeypatch.context() as dying:
        dying.setattr(janitor, "settle", lambda *a, **k: 1 / 0)
        assert run_janitor() == 0
    assert state(order) == ("PAYMENT_PENDING", "SUBMITTED")

    later(127)

    assert (run_janitor(), state(order)) == (1, ("PROPOSED", "DECLINED"))


def test_one_payment_that_breaks_does_not_keep_the_others_waiting(
    order: Order, owner_actor: Actor, later: Later, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = begin(order), begin_and_confirm(make_order(owner_actor))
    Payment.objects.filter(pk=bad.pk).update(gateway="gone_bankrupt")
    later(121)

    assert run_janitor() == 1

    assert (reload(good).status, reload(bad).status, broken()) == ("SUCCEEDED", "CREATED", [])
    assert bad.pk in caplog.text


def test_a_payment_that_was_decided_meanwhile_is_left_alone(
    order: Order, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = begin_and_confirm(order)
    port = Meanwhile()
    monkeypatch.setattr(port, "get", lambda intent_id: (told(payment, ChargeStatus.SUCCEEDED), _declined(payment))[1])
    monkeypatch.setattr(janitor, "get_gateway", lambda name: port)
    later(16)

    run_janitor()

    assert state(order) == ("PAID", "SUCCEEDED")


def test_each_run_takes_no_more_than_its_limit(order: Order, owner_actor: Actor, later: Later) -> None:
    begin(order)
    begin(make_order(owner_actor))
    later(121)

    assert [run_janitor(limit=1) for _ in range(3)] == [1, 1, 0]


def _declined(payment: Payment) -> Any:
    return get_gateway().get(intent_id=str(payment.intent_id)).__class__(ChargeStatus.DECLINED, payment.intent_id)
