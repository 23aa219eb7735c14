"""What the gateway says becomes what we say, whichever channel says it and in whatever order."""

import pytest

from altis.shared.actors import Actor
from altis.shared.money import Money
from altis.store.models import OutboxEvent
from orders.models import Order
from orders.services.cancel import cancel_order
from orders.services.expire import expire_due
from payments.gateway import ChargeStatus
from payments.models import Payment, Refund
from tests.conftest import Later
from tests.payments.purchases import begin, broken, make_order, moves, reload, told, units

pytestmark = pytest.mark.django_db
YES, NO, FENCED = ChargeStatus.SUCCEEDED, ChargeStatus.DECLINED, ChargeStatus.CANCELLED
OPEN = [ChargeStatus.PENDING, ChargeStatus.UNKNOWN]


@pytest.fixture
def order(owner_actor: Actor) -> Order:
    return make_order(owner_actor)


def events_of(payment: Payment) -> list[str]:
    rows = OutboxEvent.objects.filter(subject=payment.pk).order_by("sequence")
    return [row.type.removeprefix("altis.payment.") for row in rows]


def assert_goes_back(payment: Payment, order: Order, status: str) -> None:
    """The money is marked for refund, announced, shown on the order, and the order is where it was."""
    row, [refund] = reload(payment), Refund.objects.filter(payment=payment)
    assert (row.status, refund.status, refund.amount) == ("REFUND_PENDING", "PENDING", payment.amount)
    assert events_of(payment)[-1] == "refund_requested"
    now = reload(order)
    assert (now.status, [fact["id"] for fact in now.refunds]) == (status, [refund.pk])
    assert next(fact for fact in now.payments if fact["id"] == payment.pk)["status"] == "REFUND_PENDING"
    assert broken() == []


def test_success_of_the_attempt_in_progress_pays_the_order(order: Order) -> None:
    payment = begin(order)

    outcome = told(payment, YES)

    assert (outcome, reload(payment).status) == ("applied", "SUCCEEDED")
    assert moves(order) == ["PROPOSED", "PAYMENT_PENDING", "PAID"]
    assert (units(), broken()) == ((0, 1), [])
    assert [fact["status"] for fact in reload(order).payments] == ["SUCCEEDED"]


def test_success_told_again_changes_nothing(order: Order) -> None:
    payment = begin(order)
    told(payment, YES)

    outcomes = [told(payment, YES) for _ in range(3)]

    assert outcomes == ["ignored"] * 3
    assert (reload(order).version, events_of(payment)) == (3, ["created", "succeeded"])


def test_late_success_after_a_decline_pays_the_order_that_still_holds_its_seats(order: Order) -> None:
    payment = begin(order)
    told(payment, NO, retryable=True)

    outcome = told(payment, YES)

    assert (outcome, reload(payment).status, reload(payment).final) == ("applied", "SUCCEEDED", False)
    assert moves(order) == ["PROPOSED", "PAYMENT_PENDING", "PROPOSED", "PAYMENT_PENDING", "PAID"]
    assert (units(), broken()) == ((0, 1), [])


def test_late_success_pays_an_order_past_its_deadline_that_no_sweep_has_seen(order: Order, later: Later) -> None:
    payment = begin(order)
    told(payment, NO, retryable=True)
    later(1801)

    outcome = told(payment, YES)

    assert (outcome, reload(order).status, units()) == ("applied", "PAID", (0, 1))
    assert expire_due() == 0


def test_success_after_the_hold_has_expired_is_refunded(order: Order, later: Later) -> None:
    payment = begin(order)
    told(payment, NO, retryable=True)
    later(1801)
    expire_due()

    outcome = told(payment, YES)

    assert (outcome, units()) == ("refunded", (0, 0))
    assert_goes_back(payment, order, "EXPIRED")


def test_success_after_the_customer_cancelled_is_refunded(order: Order, owner_actor: Actor) -> None:
    payment = begin(order)
    told(payment, NO, retryable=True)
    cancel_order(order_id=order.pk, actor=owner_actor, reason="customer_cancelled")

    outcome = told(payment, YES)

    assert (outcome, units()) == ("refunded", (0, 0))
    assert_goes_back(payment, order, "CANCELLED")


def test_success_after_a_final_decline_is_refunded(order: Order) -> None:
    payment = begin(order)
    told(payment, NO)

    outcome = told(payment, YES)

    assert outcome == "refunded"
    assert_goes_back(payment, order, "CANCELLED")


def test_success_of_an_earlier_attempt_is_refunded_while_another_is_made(order: Order) -> None:
    first = begin(order)
    told(first, NO, retryable=True)
    second = begin(order)

    outcome = told(first, YES)

    assert outcome == "refunded"
    assert_goes_back(first, order, "PAYMENT_PENDING")
    assert told(second, YES) == "applied"
    assert (reload(order).status, units(), broken()) == ("PAID", (0, 1), [])


def test_success_of_an_earlier_attempt_is_refunded_after_another_has_paid(order: Order) -> None:
    first = begin(order)
    told(first, NO, retryable=True)
    told(begin(order), YES)

    outcome = told(first, YES)

    assert outcome == "refunded"
    assert_goes_back(first, order, "PAID")
    assert told(first, YES) == "ignored"
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("captured", [Money(1, "USD"), Money(99_999_999, "USD")])
def test_another_amount_never_pays(order: Order, captured: Money) -> None:
    payment = begin(order)

    outcome = told(payment, YES, amount=captured)

    assert (outcome, reload(payment).status) == ("refunded", "REFUND_PENDING")
    assert moves(order) == ["PROPOSED", "PAYMENT_PENDING", "PROPOSED"]
    assert (units(), broken()) == ((1, 0), [])


def test_the_same_figure_in_another_currency_never_pays(order: Order) -> None:
    payment = begin(order)

    outcome = told(payment, YES, amount=Money(payment.amount_minor, "EUR"))

    assert (outcome, reload(payment).status, reload(order).status) == ("refunded", "REFUND_PENDING", "PROPOSED")


def test_another_amount_for_an_earlier_attempt_leaves_the_present_one_alone(order: Order) -> None:
    first = begin(order)
    told(first, NO, retryable=True)
    begin(order)

    outcome = told(first, YES, amount=Money(1, "USD"))

    assert (outcome, reload(order).status, moves(order)[-1]) == ("refunded", "PAYMENT_PENDING", "PAYMENT_PENDING")


@pytest.mark.parametrize(
    ("status", "retryable", "ends"),
    [(NO, True, "PROPOSED"), (FENCED, True, "PROPOSED"), (NO, False, "CANCELLED"), (FENCED, False, "CANCELLED")],
)
def test_the_class_of_a_decline_decides(order: Order, status: ChargeStatus, retryable: bool, ends: str) -> None:
    payment = begin(order)

    outcome = told(payment, status, retryable=retryable)

    assert (outcome, reload(payment).status, reload(payment).final) == ("applied", "DECLINED", not retryable)
    assert (reload(order).status, reload(order).expires_at) == (ends, order.expires_at)
    assert (units(), broken()) == ((1 if retryable else 0, 0), [])


def test_the_third_decline_is_final(order: Order) -> None:
    for _ in range(2):
        told(begin(order), NO, retryable=True)

    last = begin(order)
    told(last, NO, retryable=True)

    assert (reload(order).status, reload(last).final, units()) == ("CANCELLED", True, (0, 0))
    assert [fact["status"] for fact in reload(order).payments] == ["DECLINED"] * 3


@pytest.mark.parametrize("first", [NO, FENCED])
def test_a_decline_told_again_changes_nothing(order: Order, first: ChargeStatus) -> None:
    payment = begin(order)
    told(payment, first, retryable=True)

    # The second word is worse than the first one, and comes too late to end the order.
    assert told(payment, NO) == "ignored"
    assert (reload(order).status, reload(payment).final) == ("PROPOSED", False)


def test_failed_after_success_leaves_the_order_paid(order: Order) -> None:
    payment = begin(order)
    told(payment, YES)

    outcome = told(payment, NO)

    assert (outcome, reload(order).status, reload(payment).status) == ("ignored", "PAID", "SUCCEEDED")


@pytest.mark.parametrize("status", OPEN)
def test_an_open_answer_is_written_down_once_and_the_order_stays_locked_in(order: Order, status: ChargeStatus) -> None:
    payment = begin(order)

    outcomes = [told(payment, status) for _ in range(3)]

    assert outcomes == ["applied", "ignored", "ignored"]
    assert (reload(payment).status, reload(order).status) == ("UNKNOWN", "PAYMENT_PENDING")
    assert [fact["status"] for fact in reload(order).payments] == ["UNKNOWN"]


@pytest.mark.parametrize("status", OPEN)
def test_an_open_answer_never_reopens_what_was_decided(order: Order, status: ChargeStatus) -> None:
    payment = begin(order)
    told(payment, YES)

    assert (told(payment, status), reload(payment).status) == ("ignored", "SUCCEEDED")
