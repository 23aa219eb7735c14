"""`POST /v1/orders/{id}/pay`: statuses, headers, and what the same Idempotency-Key gets again."""

import json
import logging
from typing import Any

import pytest
from django.db import connection

from altis.accounts.models import User
from altis.shared.actors import Actor
from altis.store.models import IdempotencyKey
from orders.models import Order
from payments.models import Payment
from payments.services import pay
from payments.services.janitor import run_janitor
from tests.clients import ApiClient, assert_problem
from tests.conftest import Later
from tests.payments.purchases import assert_sound, event, make_order, post_event, reload
from tests.payments.simulators import Simulator

pytestmark = pytest.mark.django_db
CARD = "4242424242424242"
KEY = {"Idempotency_Key": "click-1"}


class Crash(BaseException):
    """The process dies here: no handler of ours may catch it."""


@pytest.fixture
def order(owner_actor: Actor, gateway: Simulator) -> Order:
    return make_order(owner_actor)


@pytest.fixture
def crash_at(monkeypatch: pytest.MonkeyPatch, owner: ApiClient, order: Order) -> Any:
    """Pay under the key until this function of the payment service is reached, and die there."""

    def run(name: str, token: str = "tok_visa") -> None:
        def die(*args: object, **kwargs: object) -> None:
            raise Crash

        with monkeypatch.context() as patched:
            patched.setattr(pay, name, die)
            with pytest.raises(Crash):
                owner.pay(order.pk, token, **KEY)

    return run


def attempts() -> list[str]:
    return list(Payment.objects.order_by("pk").values_list("status", flat=True))


def test_paying_answers_with_the_order_and_its_documents(owner: ApiClient, order: Order, gateway: Simulator) -> None:
    reply = owner.pay(order.pk)

    assert (reply.status_code, reply.json()["status"], len(reply.json()["documents"])) == (200, "FULFILLED", 1)
    [payment] = reply.json()["payments"]
    assert (payment["status"], payment["amount"]) == ("SUCCEEDED", order.total.as_json())
    assert_sound(gateway)


def test_an_open_answer_is_202_and_says_where_to_look(owner: ApiClient, order: Order) -> None:
    reply = owner.pay(order.pk, "tok_pending")

    assert (reply.status_code, reply.json()["status"]) == (202, "PAYMENT_PENDING")
    assert (reply["Location"], reply["Retry-After"]) == (f"/v1/orders/{order.pk}", "2")
    assert owner.get(reply["Location"]).json()["status"] == "PAYMENT_PENDING"


@pytest.mark.parametrize(
    ("token", "code", "status", "actions"),
    [
        ("tok_declined", "payment_declined", "PROPOSED", ["pay", "cancel"]),
        ("tok_insufficient_funds", "payment_declined", "PROPOSED", ["pay", "cancel"]),
        ("tok_stolen_card", "payment_refused", "CANCELLED", []),
    ],
)
def test_a_decline_is_402(
    owner: ApiClient, order: Order, token: str, code: str, status: str, actions: list[str]
) -> None:
    assert_problem(owner.pay(order.pk, token), 402, code)

    now = owner.get(f"/v1/orders/{order.pk}").json()
    assert (now["status"], now["available_actions"]) == (status, actions)
    assert [payment["status"] for payment in now["payments"]] == ["DECLINED"]


def test_the_three_refusals_of_the_state(owner: ApiClient, order: Order, later: Later, owner_actor: Actor) -> None:
    overdue, paid = make_order(owner_actor), make_order(owner_actor)
    owner.pay(order.pk, "tok_error")
    owner.pay(paid.pk)
    before = attempts()

    later(1801)
    busy = owner.pay(order.pk)

    assert_problem(busy, 409, "payment_in_progress")
    assert_problem(owner.pay(overdue.pk), 410, "order_expired")
    assert_problem(owner.pay(paid.pk), 409, "order_not_payable")
    assert (busy["Retry-After"], attempts()) == ("2", before)


def test_nobody_pays_somebody_elses_order(stranger: ApiClient, guest: ApiClient, order: Order) -> None:
    unknown = stranger.pay("ord_01jd0000000000000000000000")

    assert_problem(stranger.pay(order.pk, **KEY), 404, "order_not_found")
    assert_problem(unknown, 404, "order_not_found")
    assert_problem(guest.pay(order.pk), 403, "user_token_required")
    assert_problem(ApiClient().pay(order.pk), 401, "invalid_token")
    assert (reload(order).status, attempts(), IdempotencyKey.objects.count()) == ("PROPOSED", [], 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"payment_method": None},
        {"payment_method": "tok_visa"},
        {"payment_method": {}},
        {"payment_method": {"token": ""}},
        {"payment_method": {"token": 5}},
        {"payment_method": {"token": "x" * 129}},
        {"payment_method": {"token": "tok_visa", "cvc": "123"}},
        {"payment_method": {"token": "tok_visa"}, "amount": "1.00"},
    ],
)
def test_a_body_that_breaks_a_rule_pays_nothing(owner: ApiClient, order: Order, body: dict[str, Any]) -> None:
    reply = owner.post(f"/v1/orders/{order.pk}/pay", body, **KEY)

    assert (reply.status_code, reply["Content-Type"]) == (422, "application/problem+json")
    assert (reload(order).status, attempts(), IdempotencyKey.objects.count()) == ("PROPOSED", [], 0)


@pytest.mark.parametrize("written", [CARD, "4242 4242 4242 4242", "4242-4242-4242-4242", "6304000000000000000"])
def test_a_card_number_is_refused_and_kept_nowhere(
    owner: ApiClient, order: Order, written: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    reply = owner.pay(order.pk, written, **KEY)

    problem = assert_problem(reply, 422, "card_number_refused")
    assert [fault["pointer"] for fault in problem["errors"]] == ["/payment_method/token"]
    told = reply.content.decode() + caplog.text + "".join(capsys.readouterr()) + _whole_database()
    assert written not in told
    assert (attempts(), IdempotencyKey.objects.count()) == ([], 0)


def test_no_log_line_holds_the_token(owner: ApiClient, order: Order, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    owner.pay(order.pk, "tok_canary_7f3", **KEY)

    assert "tok_canary_7f3" not in caplog.text + _whole_database()


def test_a_paid_answer_is_given_again_to_the_byte(owner: ApiClient, order: Order, gateway: Simulator) -> None:
    first = owner.pay(order.pk, **KEY)

    again = owner.pay(order.pk, **KEY)

    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert ("Idempotent-Replay" in first, again["Idempotent-Replay"], attempts()) == (False, "true", ["SUCCEEDED"])
    assert_sound(gateway)


@pytest.mark.parametrize("token", ["tok_declined", "tok_stolen_card"])
def test_a_decline_is_given_again_and_not_tried_again(owner: ApiClient, order: Order, token: str) -> None:
    first = owner.pay(order.pk, token, **KEY)

    again = owner.pay(order.pk, token, **KEY)

    assert (again.status_code, again.content, attempts()) == (402, first.content, ["DECLINED"])


def test_a_key_is_not_reused_for_another_card(owner: ApiClient, order: Order) -> None:
    owner.pay(order.pk, "tok_declined", **KEY)

    assert_problem(owner.pay(order.pk, "tok_visa", **KEY), 422, "idempotency_key_reused")
    assert (reload(order).status, attempts()) == ("PROPOSED", ["DECLINED"])


def test_a_refusal_that_changed_nothing_is_not_kept(owner: ApiClient, order: Order) -> None:
    owner.pay(order.pk, "tok_pending")
    assert_problem(owner.pay(order.pk, **KEY), 409, "payment_in_progress")
    failed = event("payment.failed", Payment.objects.get(), retryable=True)
    assert post_event(failed).json() == {"outcome": "applied"}

    assert owner.pay(order.pk, **KEY).status_code == 200


def test_an_open_answer_gives_way_to_the_final_one(owner: ApiClient, order: Order, gateway: Simulator) -> None:
    opened = [owner.pay(order.pk, "tok_pending", **KEY).status_code for _ in range(2)]
    post_event(event("payment.captured", Payment.objects.get()))

    final = owner.pay(order.pk, "tok_pending", **KEY)
    again = owner.pay(order.pk, "tok_pending", **KEY)

    assert opened == [202, 202]
    assert (final.status_code, final.json()["status"]) == (200, "FULFILLED")
    assert (again.content, attempts()) == (final.content, ["SUCCEEDED"])


def test_an_open_answer_gives_way_to_a_decline(owner: ApiClient, order: Order) -> None:
    owner.pay(order.pk, "tok_pending", **KEY)
    post_event(event("payment.failed", Payment.objects.get()))

    assert_problem(owner.pay(order.pk, "tok_pending", **KEY), 402, "payment_refused")
    assert_problem(owner.pay(order.pk, "tok_pending", **KEY), 402, "payment_refused")
    assert reload(order).status == "CANCELLED"


@pytest.mark.parametrize(("dies_in", "left"), [("_charge", "CREATED"), ("open_intent", "CREATED")])
def test_a_crash_before_the_gateway_knows_is_fenced_and_told_under_the_key(
    owner: ApiClient, order: Order, crash_at: Any, later: Later, dies_in: str, left: str
) -> None:
    crash_at(dies_in)
    assert (attempts(), reload(order).status) == ([left], "PAYMENT_PENDING")
    assert_problem(owner.pay(order.pk, **KEY), 409, "idempotency_in_progress")
    assert_problem(owner.pay(order.pk), 409, "payment_in_progress")

    later(121)
    assert run_janitor() == 1

    assert_problem(owner.pay(order.pk, **KEY), 402, "payment_declined")
    assert owner.pay(order.pk, Idempotency_Key="click-2").status_code == 200


@pytest.mark.parametrize(("token", "status"), [("tok_visa", 200), ("tok_declined", 402), ("tok_stolen_card", 402)])
def test_a_crash_after_the_charge_is_found_by_the_janitor(
    owner: ApiClient, order: Order, crash_at: Any, later: Later, gateway: Simulator, token: str, status: int
) -> None:
    crash_at("settle", token)
    assert (attempts(), reload(order).status) == (["SUBMITTED"], "PAYMENT_PENDING")
    assert_problem(owner.pay(order.pk, token, **KEY), 409, "idempotency_in_progress")

    later(16)
    assert run_janitor() == 1

    replies = [owner.pay(order.pk, token, **KEY) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [status, status]
    assert (replies[0].content, len(attempts())) == (replies[1].content, 1)
    assert_sound(gateway)


@pytest.mark.parametrize("token", ["tok_visa", "tok_declined"])
def test_a_crash_after_the_last_phase_is_answered_by_the_same_key(
    owner: ApiClient, order: Order, crash_at: Any, token: str
) -> None:
    crash_at("_finish", token)
    decided = attempts()
    assert IdempotencyKey.objects.get().status == (200 if token == "tok_visa" else 402)  # with the outcome itself

    first, again = (owner.pay(order.pk, token, **KEY) for _ in range(2))

    assert (first.status_code, first.content) == (200 if token == "tok_visa" else 402, again.content)
    assert (attempts(), len(decided)) == (decided, 1)


def _whole_database() -> str:
    """Every row of every table that paying touches, as text."""
    tables = ("payments_payment", "orders_order", "orders_orderevent", "store_outboxevent", "store_idempotencykey")
    with connection.cursor() as cursor:
        rows = [cursor.execute(f"SELECT t::text FROM {table} t").fetchall() for table in tables]
    return json.dumps(rows)


def test_two_users_may_use_the_same_key(owner: ApiClient, order: Order, stranger: ApiClient) -> None:
    assert isinstance(stranger.user, User)
    theirs = make_order(Actor("user", stranger.user.pk))

    replies = [owner.pay(order.pk, **KEY), stranger.pay(theirs.pk, **KEY)]

    assert [reply.json()["id"] for reply in replies] == [order.pk, theirs.pk]
