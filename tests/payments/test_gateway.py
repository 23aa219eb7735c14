"""The gateway port: its client against the real simulator, its choice, and no call inside a transaction."""

from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from altis.shared.money import Money
from payments.gateway import (
    Charge,
    ChargeStatus,
    RefundResult,
    RefundStatus,
    UnknownGateway,
    assert_no_transaction,
    get_gateway,
)
from tests.payments.conftest import Connect
from tests.payments.simulators import API_KEY, RawServer, Simulator

PRICE = Money.of("655.00", "USD")
BODY = b'{"id": "int_1", "amount": "655.00", "currency": "USD", "status": "succeeded"}'
ANSWER = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


def test_a_sale_and_its_refund(simulator: Simulator, connect: Connect) -> None:
    gateway = connect(simulator.url)

    created = gateway.create(key="pay_1", amount=PRICE)
    confirmed = gateway.confirm(intent_id=created.intent_id or "", token="tok_visa")
    refunded = gateway.refund(key="ref_1", intent_id=created.intent_id or "", amount=PRICE)

    assert created == Charge(ChargeStatus.PENDING, created.intent_id, PRICE)
    assert confirmed == Charge(ChargeStatus.SUCCEEDED, created.intent_id, PRICE)
    assert refunded.status is RefundStatus.SUCCEEDED
    assert refunded == gateway.refund(key="ref_1", intent_id=created.intent_id or "", amount=PRICE)
    assert simulator.captured() == ["pay_1"]


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("tok_insufficient_funds", (ChargeStatus.DECLINED, "insufficient_funds", True)),
        ("tok_stolen_card", (ChargeStatus.DECLINED, "stolen_card", False)),
        ("tok_pending", (ChargeStatus.PENDING, None, False)),
    ],
)
def test_a_charge_that_did_not_succeed(
    simulator: Simulator, connect: Connect, token: str, expected: tuple[ChargeStatus, str | None, bool]
) -> None:
    gateway = connect(simulator.url)
    intent_id = gateway.create(key="pay_1", amount=PRICE).intent_id or ""

    charge = gateway.confirm(intent_id=intent_id, token=token)

    status, decline_code, retryable = expected
    assert charge == Charge(status, intent_id, PRICE, decline_code, retryable)
    assert charge == gateway.get(intent_id=intent_id)


def test_an_error_of_the_gateway_is_unknown_and_the_fence_ends_it(simulator: Simulator, connect: Connect) -> None:
    gateway = connect(simulator.url)
    intent_id = gateway.create(key="pay_1", amount=PRICE).intent_id or ""

    assert gateway.confirm(intent_id=intent_id, token="tok_error") == Charge(ChargeStatus.UNKNOWN, intent_id)

    assert gateway.cancel(intent_id=intent_id) == Charge(ChargeStatus.CANCELLED, intent_id, PRICE, retryable=True)
    assert gateway.confirm(intent_id=intent_id, token="tok_visa").status is ChargeStatus.CANCELLED
    assert simulator.captured() == []


def test_a_withheld_answer_is_unknown_and_the_fence_tells_the_capture(simulator: Simulator, connect: Connect) -> None:
    gateway = connect(simulator.url, 0.5)
    intent_id = gateway.create(key="pay_1", amount=PRICE).intent_id or ""

    assert gateway.confirm(intent_id=intent_id, token="tok_timeout") == Charge(ChargeStatus.UNKNOWN, intent_id)

    assert gateway.cancel(intent_id=intent_id) == Charge(ChargeStatus.SUCCEEDED, intent_id, PRICE)
    assert simulator.captured() == ["pay_1"]


def test_a_refund_beyond_the_capture_fails(simulator: Simulator, connect: Connect) -> None:
    gateway = connect(simulator.url)
    intent_id = gateway.create(key="pay_1", amount=PRICE).intent_id or ""
    gateway.confirm(intent_id=intent_id, token="tok_visa")

    result = gateway.refund(key="ref_1", intent_id=intent_id, amount=Money.of("655.01", "USD"))

    assert result == RefundResult(RefundStatus.FAILED)


def test_a_restarted_gateway_is_found_again_by_the_same_client(simulator: Simulator, connect: Connect) -> None:
    gateway = connect(simulator.url)
    created = gateway.create(key="pay_1", amount=PRICE)
    simulator.stop()

    assert gateway.get(intent_id=created.intent_id or "").status is ChargeStatus.UNKNOWN

    simulator.start()
    assert gateway.get(intent_id=created.intent_id or "") == created


def test_the_settings_choose_the_gateway(simulator: Simulator, settings: Settings) -> None:
    settings.ALTIS_PAYMENT_GATEWAY = "simulator"
    settings.ALTIS_SIMULATOR_URL, settings.ALTIS_SIMULATOR_API_KEY = simulator.url, API_KEY

    assert get_gateway().create(key="pay_1", amount=PRICE).status is ChargeStatus.PENDING
    assert get_gateway("simulator").name == "simulator"


def test_an_unknown_gateway_is_not_found() -> None:
    with pytest.raises(UnknownGateway):
        get_gateway("bank_of_nowhere")


@pytest.mark.django_db
def test_the_transaction_around_a_test_is_not_held_against_it() -> None:
    assert_no_transaction()


@pytest.mark.django_db
def test_no_call_is_made_inside_a_transaction(serve: Callable[..., RawServer], connect: Connect) -> None:
    server = serve(lambda connection: connection.sendall(ANSWER))
    gateway = connect(server.url)

    with transaction.atomic(), pytest.raises(RuntimeError):
        gateway.get(intent_id="int_1")

    assert server.requests == []
    assert gateway.get(intent_id="int_1").status is ChargeStatus.SUCCEEDED


@pytest.mark.django_db(transaction=True)
def test_the_same_holds_without_a_transaction_around_the_test() -> None:
    assert_no_transaction()

    with transaction.atomic(), pytest.raises(RuntimeError):
        assert_no_transaction()
