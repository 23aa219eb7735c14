"""Our payments against the gateway's own ledger: what is planted in either is found, and haste raises no alarm."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from altis.insight.invariants import numbered
from altis.insight.services import statement as module
from altis.insight.services.check import check_invariants
from altis.insight.services.report import Scope
from altis.shared.actors import Actor
from payments.gateway import Gateway, StatementPage, get_gateway
from payments.models import Payment
from payments.services.pay import pay_order
from payments.services.refund import send_refunds
from tests.payments.purchases import begin_and_confirm, event, make_order, post_event
from tests.payments.simulators import API_KEY, Simulator

pytestmark = pytest.mark.django_db(transaction=True)
BANK = numbered("I18", "I19")


@pytest.fixture
def bank(tmp_path: Path, settings: Any) -> Iterator[Simulator]:
    """A gateway whose ledger knows nothing of other tests."""
    running = Simulator(ledger=tmp_path / "ledger.sqlite3", environ={"ALTIS_SIMULATOR_WEBHOOK_URL": ""}).start()
    settings.ALTIS_SIMULATOR_URL, settings.ALTIS_SIMULATOR_API_KEY = running.url, API_KEY
    yield running
    running.stop()


@pytest.fixture
def paid(bank: Simulator, owner_actor: Actor) -> Payment:
    """The payment of a sold order."""
    order = make_order(owner_actor)
    pay_order(order_id=order.pk, token="tok_visa", actor=owner_actor)
    return Payment.objects.get(order=order)


@pytest.fixture
def owed(bank: Simulator, owner_actor: Actor) -> Payment:
    """A payment that came too late: it is to go back, and has not yet."""
    payment = begin_and_confirm(make_order(owner_actor))
    post_event(event("payment.failed", payment, retryable=False))
    post_event(event("payment.captured", payment))
    return payment


@pytest.fixture
def returned(owed: Payment) -> Payment:
    """The same, given back."""
    assert send_refunds() == 1
    return owed


def _found(*, quiesced: bool = True, scope: Scope = Scope.EVERYTHING) -> str:
    report = check_invariants(invariants=BANK, quiesced=quiesced, scope=scope)
    assert report.exit_code < 2
    return " ".join(finding.invariant.number for finding in report.violated)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount


def _spoil(bank: Simulator, *statements: str) -> None:
    with closing(sqlite3.connect(bank.ledger, timeout=5)) as db, db:
        db.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert db.execute(statement).rowcount


def test_what_was_paid_and_what_went_back_is_as_the_gateway_says(
    bank: Simulator, paid: Payment, returned: Payment
) -> None:
    assert _found() == ""
    assert _found(quiesced=False, scope=Scope.RECENT) == ""


ORPHAN = (
    "INSERT INTO intent VALUES ('int_x', 'pay_x', '9.00', 'USD', 'succeeded', NULL, 0, NULL, 0)",
    "INSERT INTO capture VALUES ('int_x', '9.00', 'USD', 1.0)",
)
SECOND_REFUND = "INSERT INTO refund SELECT 'rfd_x', 'ref_x', intent_id, '1.00', currency, refunded_at FROM refund"
REFUND_OF_A_SALE = (
    "INSERT INTO refund SELECT 'rfd_x', 'ref_x', intent_id, amount, currency, captured_at FROM capture"
    " WHERE intent_id IN (SELECT id FROM intent WHERE key = (SELECT min(key) FROM intent))"
)


@pytest.mark.parametrize(
    ("statements", "at_rest", "live"),
    [
        pytest.param(ORPHAN, "I18 I19", "I18", id="a capture of no payment"),
        pytest.param(("DELETE FROM capture",), "I19", "", id="no captures"),
        pytest.param(("UPDATE capture SET amount = '1.00'",), "I18 I19", "I18", id="another amount"),
        pytest.param(("UPDATE capture SET currency = 'EUR'",), "I18 I19", "I18", id="another currency"),
        pytest.param((SECOND_REFUND,), "I18 I19", "I18 I19", id="a second refund"),
        pytest.param((REFUND_OF_A_SALE,), "I18 I19", "I18 I19", id="a sale that was refunded"),
        pytest.param(("DELETE FROM refund",), "I18 I19", "I18", id="a refund that was not made"),
        pytest.param(("UPDATE refund SET amount = '1.00'",), "I18 I19", "I18 I19", id="a refund of another amount"),
    ],
)
def test_a_false_line_in_the_gateways_ledger_is_found(
    bank: Simulator, paid: Payment, returned: Payment, statements: tuple[str, ...], at_rest: str, live: str
) -> None:
    _spoil(bank, *statements)

    assert _found() == at_rest
    assert set(live.split()) <= set(_found(quiesced=False).split())


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE payments_payment SET status = 'DECLINED' WHERE status = 'SUCCEEDED'", "I18"),
        ("UPDATE payments_payment SET intent_id = 'int_x' WHERE status = 'SUCCEEDED'", "I18"),
        ("UPDATE orders_order SET status = 'CANCELLED' WHERE status = 'FULFILLED'", "I18 I19"),
        ("UPDATE payments_refund SET status = 'FAILED'", "I19"),
        ("UPDATE payments_payment SET status = 'DECLINED' WHERE status = 'REFUNDED'", "I18"),
    ],
)
def test_a_false_line_in_our_books_is_found(
    bank: Simulator, paid: Payment, returned: Payment, statement: str, found: str
) -> None:
    _run(statement)

    assert _found() == found


def test_money_that_is_on_its_way_back_is_excused_until_all_is_at_rest(bank: Simulator, owed: Payment) -> None:
    assert (_found(quiesced=False), _found()) == ("", "I18 I19")


def test_a_payment_whose_answer_was_lost_is_excused_until_all_is_at_rest(bank: Simulator, owner_actor: Actor) -> None:
    begin_and_confirm(make_order(owner_actor))

    assert (_found(quiesced=False), _found()) == ("", "I18 I19")


def test_money_of_a_declined_payment_is_excused_for_a_minute(bank: Simulator, owner_actor: Actor) -> None:
    payment = begin_and_confirm(make_order(owner_actor))
    post_event(event("payment.failed", payment, retryable=False))
    _run("UPDATE store_outboxevent SET created_at = created_at - interval '1 hour'")
    assert _found(quiesced=False) == ""

    _spoil(bank, "UPDATE capture SET captured_at = captured_at - 61")

    assert _found(quiesced=False) == "I18"


class _Hasty:
    """A gateway; something happens as soon as it has told its ledger, before our books are read."""

    name = "simulator"

    def __init__(self, then: Callable[[], object]) -> None:
        self._real: Gateway = get_gateway("simulator")
        self._then = then

    def statement(self, **asked: Any) -> StatementPage | None:
        page = self._real.statement(**asked)
        self._then()
        return page


@pytest.mark.parametrize("scope", Scope)
def test_a_sale_between_the_statement_and_the_snapshot_is_no_false_alarm(
    bank: Simulator, owner_actor: Actor, monkeypatch: pytest.MonkeyPatch, scope: Scope
) -> None:
    order = make_order(owner_actor)
    sell = _Hasty(lambda: pay_order(order_id=order.pk, token="tok_visa", actor=owner_actor))
    monkeypatch.setattr(module, "get_gateway", lambda: sell)

    assert _found(quiesced=False, scope=scope) == ""

    assert Payment.objects.get().status == "SUCCEEDED"


@pytest.mark.parametrize("scope", Scope)
def test_a_refund_between_the_statement_and_the_snapshot_is_no_false_alarm(
    bank: Simulator, owed: Payment, monkeypatch: pytest.MonkeyPatch, scope: Scope
) -> None:
    monkeypatch.setattr(module, "get_gateway", lambda: _Hasty(send_refunds))

    assert _found(quiesced=False, scope=scope) == ""

    assert Payment.objects.get().status == "REFUNDED"


def test_an_old_success_without_its_money_is_found_while_things_are_in_flight(bank: Simulator, paid: Payment) -> None:
    _spoil(bank, "DELETE FROM capture")

    assert _found(quiesced=False) == "I19"
