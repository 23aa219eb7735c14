"""What staff do to orders contradicts nothing; and what looks like it, without its books, is found."""

from typing import Any

import pytest
from django.db import connection, transaction

from altis.insight.invariants import numbered
from altis.insight.services.check import check_invariants
from altis.shared.actors import Actor
from altis.shared.money import Money
from orders.services.rebook import rebook
from payments.services.give_back import give_back
from payments.services.pay import pay_order
from payments.services.refund import send_refunds
from tests.insight.books import ALWAYS, violations
from tests.offers import market
from tests.payments.purchases import make_order
from tests.payments.simulators import API_KEY, Simulator

pytestmark = pytest.mark.django_db(transaction=True)
STAFF = Actor("staff", "usr_1")


@pytest.fixture
def orders(owner_actor: Actor, tmp_path: Any, settings: Any) -> Any:
    """Three paid orders: given up, moved, and compensated; the refunds are sent. On a gateway of their own."""
    bank = Simulator(ledger=tmp_path / "ledger.sqlite3", environ={"ALTIS_SIMULATOR_WEBHOOK_URL": ""}).start()
    settings.ALTIS_SIMULATOR_URL, settings.ALTIS_SIMULATOR_API_KEY = bank.url, API_KEY
    made = [pay_order(order_id=make_order(owner_actor).pk, token="tok_visa", actor=owner_actor).order for _ in range(3)]
    given_up, moved, compensated = made
    give_back(order_id=given_up.pk, actor=STAFF, reason="flight_cancelled")
    other = market.fly("101", day=market.soon(11))
    came_from = moved.slices[0]["segments"][0]["flight_id"]
    rebook(order_id=moved.pk, from_flight=came_from, to_flight=other.pk, actor=STAFF, reason="flight_cancelled")
    give_back(order_id=compensated.pk, actor=STAFF, reason="goodwill", amount=Money.of("25.00", "USD"))
    yield {"given_up": given_up.pk, "moved": moved.pk, "compensated": compensated.pk}
    bank.stop()


BANK = numbered("I18", "I19")


def _bank() -> str:
    return " ".join(each.invariant.number for each in check_invariants(invariants=BANK, quiesced=True).violated)


def test_our_books_and_the_banks_agree_once_the_refunds_are_sent(orders: dict[str, str]) -> None:
    assert violations(ALWAYS) == {}
    assert _bank() != ""
    assert send_refunds() == 2

    assert (violations(ALWAYS), _bank()) == ({}, "")


PLANTED = (
    ("I5", "UPDATE orders_orderitem SET version = 2 WHERE order_id = '{given_up}'"),
    ("I5", "UPDATE orders_orderitem SET status = 'CANCELLED', version = 2 WHERE order_id = '{given_up}'"),
    ("I4", "UPDATE catalog_hold SET status = 'SOLD', version = 2 WHERE order_id = '{given_up}'"),
    ("I13", "UPDATE orders_orderitem SET status = 'EXCHANGED' WHERE order_id = '{compensated}'"),
    ("I15", "UPDATE orders_document SET voided_at = NULL WHERE order_id = '{given_up}'"),
    ("I15", "UPDATE orders_document SET voided_at = now() WHERE order_id = '{moved}'"),
    ("I20", "UPDATE payments_refund SET amount_minor = 30000 WHERE cause = 'goodwill_1'"),
    ("I20", "UPDATE payments_refund SET cause = 'given_back' WHERE cause = 'goodwill_1'"),
    ("I10", "DELETE FROM store_outboxevent WHERE type = 'altis.order.changed' AND subject = '{moved}'"),
    ("I32", "UPDATE orders_order SET refunds = '[]' WHERE id = '{compensated}'"),
)


def test_what_is_planted_is_found(orders: dict[str, str]) -> None:
    found = [
        (number if number in _planted(statement.format(**orders)) else "", statement) for number, statement in PLANTED
    ]

    assert found == list(PLANTED)
    assert violations(ALWAYS) == {}


def _planted(statement: str) -> set[str]:
    """The invariants that find it, planted in a savepoint that is rolled back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount, statement
        found = set(violations(ALWAYS))
        transaction.set_rollback(True)
    return found
