"""Receiving a notice: one receipt, one effect, both or neither."""

import pytest

from altis.shared.actors import Actor
from altis.shared.ids import new_id
from altis.store.models import OutboxEvent
from orders.models import Order
from payments.models import Payment, Refund, WebhookReceipt
from payments.services import webhook
from payments.services.webhook import Notice, receive
from tests.payments.purchases import begin, broken, make_order, moves, reload, units

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(owner_actor: Actor) -> Payment:
    return begin(make_order(owner_actor))


def order_of(payment: Payment) -> Order:
    return Order.objects.get(pk=payment.order_id)


def notice(payment: Payment, type: str = "payment.captured", *, event_id: str = "", retryable: bool = False) -> Notice:
    return Notice(event_id or new_id("evt"), type, payment.pk, payment.amount, retryable, "said_no")


def receipts() -> list[str]:
    return list(WebhookReceipt.objects.order_by("received_at").values_list("outcome", flat=True))


def test_a_capture_is_applied_and_its_receipt_kept(payment: Payment) -> None:
    outcome = receive(notice(payment, event_id="evt_1"), gateway="simulator")

    assert (outcome, order_of(payment).status, reload(payment).status) == ("applied", "PAID", "SUCCEEDED")
    receipt = WebhookReceipt.objects.get(pk="evt_1")
    assert (receipt.gateway, receipt.type, receipt.payment_id) == ("simulator", "payment.captured", payment.pk)
    assert receipt.outcome == "applied"


def test_the_same_event_again_is_a_duplicate_and_writes_nothing(payment: Payment) -> None:
    told = notice(payment)
    receive(told, gateway="simulator")
    before = (order_of(payment).version, reload(payment).version, OutboxEvent.objects.count())

    outcomes = [receive(told, gateway="simulator") for _ in range(5)]

    assert outcomes == ["duplicate"] * 5
    assert (order_of(payment).version, reload(payment).version, OutboxEvent.objects.count()) == before
    assert receipts() == ["applied"]


def test_the_same_fact_under_another_id_is_ignored(payment: Payment) -> None:
    outcomes = [receive(notice(payment), gateway="simulator") for _ in range(3)]

    assert (outcomes, moves(order_of(payment)).count("PAID")) == (["applied", "ignored", "ignored"], 1)


@pytest.mark.parametrize(("retryable", "ends", "held"), [(True, "PROPOSED", 1), (False, "CANCELLED", 0)])
def test_a_failure_ends_the_attempt_as_its_class_says(payment: Payment, retryable: bool, ends: str, held: int) -> None:
    outcome = receive(notice(payment, "payment.failed", retryable=retryable), gateway="simulator")

    assert (outcome, order_of(payment).status, units()) == ("applied", ends, (held, 0))
    assert (reload(payment).status, reload(payment).decline_code) == ("DECLINED", "said_no")


def test_failed_after_success_is_ignored(payment: Payment) -> None:
    receive(notice(payment), gateway="simulator")

    outcome = receive(notice(payment, "payment.failed"), gateway="simulator")

    assert (outcome, order_of(payment).status, units()) == ("ignored", "PAID", (0, 1))


@pytest.mark.parametrize(
    ("retryable", "outcome", "ends"), [(True, "applied", "PAID"), (False, "refunded", "CANCELLED")]
)
def test_success_after_failed_pays_while_the_seats_are_held(
    payment: Payment, retryable: bool, outcome: str, ends: str
) -> None:
    receive(notice(payment, "payment.failed", retryable=retryable), gateway="simulator")

    assert receive(notice(payment), gateway="simulator") == outcome

    assert (order_of(payment).status, Refund.objects.count(), broken()) == (ends, int(outcome == "refunded"), [])
    assert sorted(receipts()) == sorted(["applied", outcome])


@pytest.mark.parametrize(
    "changes", [{"payment_id": "pay_unknown"}, {"type": "payment.disputed"}, {"type": "customer.created"}]
)
def test_what_is_not_understood_is_kept_and_ignored(payment: Payment, changes: dict[str, str]) -> None:
    known = notice(payment)
    told = Notice(known.event_id, changes.get("type", known.type), changes.get("payment_id", payment.pk), known.amount)

    outcomes = [receive(told, gateway="simulator") for _ in range(2)]

    assert (outcomes, receipts()) == (["ignored", "duplicate"], ["unknown"])
    assert (order_of(payment).status, reload(payment).status, broken()) == ("PAYMENT_PENDING", "CREATED", [])


def test_another_gateway_has_no_say_about_this_payment(payment: Payment) -> None:
    assert receive(notice(payment), gateway="stripe") == "ignored"
    assert order_of(payment).status == "PAYMENT_PENDING"


def test_a_failing_effect_leaves_no_receipt_so_that_the_gateway_tells_it_again(
    payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = notice(payment)
    with monkeypatch.context() as broken_once:
        broken_once.setattr(webhook, "apply_charge", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            receive(told, gateway="simulator")
    assert (receipts(), order_of(payment).status) == ([], "PAYMENT_PENDING")

    assert receive(told, gateway="simulator") == "applied"


def test_an_amount_that_differs_never_pays(payment: Payment) -> None:
    told = Notice("evt_1", "payment.captured", payment.pk, type(payment.amount)(1, "USD"))

    assert receive(told, gateway="simulator") == "refunded"
    assert (order_of(payment).status, reload(payment).status) == ("PROPOSED", "REFUND_PENDING")
