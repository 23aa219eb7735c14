"""`POST /v1/webhooks/payments/simulator`, and the real simulator posting to it."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from altis.shared.actors import Actor
from orders.models import Order
from orders.services.expire import expire_due
from orders.services.fulfil import fulfil_paid
from payments.models import Payment, Refund, WebhookReceipt
from payments.services.pay import pay_order
from payments.signatures import sign
from tests.clients import ApiClient, assert_problem
from tests.conftest import Later
from tests.payments.purchases import (
    HOOK,
    assert_sound,
    begin,
    broken,
    event,
    make_order,
    post_event,
    reload,
)
from tests.payments.simulators import API_KEY, Simulator, wait_until


@pytest.fixture
def order(owner_actor: Actor) -> Order:
    return make_order(owner_actor)


@pytest.mark.django_db
def test_a_capture_is_answered_with_its_outcome(order: Order) -> None:
    body = event("payment.captured", begin(order))

    replies = [post_event(body) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [200, 200]
    assert [reply.json() for reply in replies] == [{"outcome": "applied"}, {"outcome": "duplicate"}]
    assert (reload(order).status, fulfil_paid(), reload(order).status) == ("PAID", 1, "FULFILLED")


@pytest.mark.django_db
def test_money_for_an_expired_order_is_refunded(order: Order, owner: ApiClient, later: Later) -> None:
    payment = begin(order)
    post_event(event("payment.failed", payment, retryable=True))
    later(1801)
    expire_due()

    reply = post_event(event("payment.captured", payment))

    assert (reply.status_code, reply.json()) == (200, {"outcome": "refunded"})
    shown = owner.get(f"/v1/orders/{order.pk}").json()
    assert (shown["status"], [fact["status"] for fact in shown["refunds"]]) == ("EXPIRED", ["PENDING"])
    assert (Refund.objects.get().amount, broken()) == (payment.amount, [])


@pytest.mark.django_db
def test_an_unknown_payment_is_200_and_ignored(order: Order) -> None:
    body = event("payment.captured", begin(order))
    body["data"]["payment_id"] = "pay_of_somebody_else"

    reply = post_event(body)

    assert (reply.status_code, reply.json(), reload(order).status) == (200, {"outcome": "ignored"}, "PAYMENT_PENDING")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"signature": " "}, "invalid_signature"),
        ({"signature": "t=1,v1="}, "invalid_signature"),
        ({"signature": "é"}, "invalid_signature"),
        ({"secret": "somebody-elses"}, "invalid_signature"),
        ({"at": int(time.time()) - 3600}, "stale_signature"),
        ({"at": int(time.time()) + 3600}, "stale_signature"),
    ],
)
def test_a_bad_signature_is_400_and_changes_nothing(order: Order, how: dict[str, Any], code: str) -> None:
    payment = begin(order)

    assert_problem(post_event(event("payment.captured", payment), **how), 400, code)

    assert (reload(order).status, WebhookReceipt.objects.count()) == ("PAYMENT_PENDING", 0)


@pytest.mark.django_db
def test_a_signature_covers_the_raw_body(order: Order, settings: Any) -> None:
    body = json.dumps(event("payment.captured", begin(order))).encode()
    made = sign(body, settings.ALTIS_WEBHOOK_SECRETS[0], int(time.time()))

    assert_problem(post_event(body.replace(b", ", b","), signature=made), 400, "invalid_signature")
    assert post_event(body, signature=made).json() == {"outcome": "applied"}


@pytest.mark.django_db
def test_no_signature_at_all_is_400() -> None:
    assert_problem(Client().post(HOOK, b"{}", content_type="application/json"), 400, "invalid_signature")


@pytest.mark.django_db
@pytest.mark.parametrize("garbage", [b"", b"{", b"[]", b"\xff", b"[" * 5000, b'{"id":1}', b'{"data":{}}', b"\x00"])
def test_a_signed_body_that_says_nothing_is_400(garbage: bytes) -> None:
    assert_problem(post_event(garbage), 400, "malformed_request")


@pytest.mark.django_db
def test_an_event_of_a_type_we_do_not_know_is_received_once_and_ignored() -> None:
    told = b'{"id": "evt_new", "type": "Payout.Paid_v2", "data": {"anything": 1}}'

    assert [post_event(told).json()["outcome"] for _ in range(2)] == ["ignored", "duplicate"]


@pytest.mark.django_db
def test_a_body_beyond_the_limit_is_413(settings: Any) -> None:
    huge = b'{"id":"' + b"x" * settings.ALTIS_MAX_BODY_BYTES + b'"}'

    assert_problem(post_event(huge), 413, "payload_too_large")


@pytest.mark.django_db
def test_another_gateway_is_404_and_another_method_405() -> None:
    assert_problem(Client().post("/v1/webhooks/payments/unknown", b"{}", "application/json"), 404, "not_found")
    assert_problem(Client().get(HOOK), 405, "method_not_allowed")


@pytest.fixture
def telling(live_server: Any, start_simulator: Callable[..., Simulator], settings: Any) -> Simulator:
    """The product's own gateway, posting each event three times to the product's own door."""
    running = start_simulator(
        ALTIS_SIMULATOR_WEBHOOK_URL=live_server.url + HOOK,
        ALTIS_WEBHOOK_SECRETS=",".join(settings.ALTIS_WEBHOOK_SECRETS),
        ALTIS_SIMULATOR_WEBHOOK_COPIES="3",
        ALTIS_SIMULATOR_PENDING_SECONDS="0.1",
        ALTIS_SIMULATOR_WITHHOLD_SECONDS="0.6",
    )
    settings.ALTIS_SIMULATOR_URL, settings.ALTIS_SIMULATOR_API_KEY = running.url, API_KEY
    return running


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("token", ["tok_pending", "tok_timeout"])
def test_the_real_simulators_webhook_settles_an_open_answer(
    order: Order, telling: Simulator, settings: Any, token: str
) -> None:
    settings.ALTIS_GATEWAY_TIMEOUT_SECONDS = 5.0 if token == "tok_pending" else 0.2

    paid = pay_order(order_id=order.pk, token=token, actor=Actor("user", order.owner_id))
    assert (paid.open, reload(order).status) == (True, "PAYMENT_PENDING")
    wait_until(lambda: reload(order).status == "PAID")
    wait_until(lambda: telling.call("/ledger")[1]["events"] == {"delivered": 1, "waiting": 0})

    assert list(WebhookReceipt.objects.values_list("outcome", flat=True)) == ["applied"]
    assert Payment.objects.get().status == "SUCCEEDED"
    assert_sound(telling)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("token", "ends"), [("tok_declined", "PROPOSED"), ("tok_stolen_card", "CANCELLED")])
def test_the_real_simulators_decline_ends_the_same_by_both_channels(
    order: Order, telling: Simulator, owner: ApiClient, token: str, ends: str
) -> None:
    assert owner.pay(order.pk, token).status_code == 402
    wait_until(lambda: telling.call("/ledger")[1]["events"] == {"delivered": 1, "waiting": 0})

    assert (reload(order).status, Payment.objects.get().status) == (ends, "DECLINED")
    assert WebhookReceipt.objects.get().outcome in ("applied", "ignored")
    assert_sound(telling)
