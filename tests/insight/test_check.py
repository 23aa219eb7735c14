"""The checker as a whole: one snapshot, what is asked of whom, and how much of it."""

from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from altis.insight.invariants import INVARIANTS, Invariant, Kind, Source, numbered
from altis.insight.services import check as module
from altis.insight.services.check import check_invariants, look
from altis.insight.services.report import Report, Scope, State
from altis.insight.services.snapshot import Extent, everything, recent, snapshot
from altis.shared.actors import Actor
from altis.store.database import db_clock
from catalog import inventory
from catalog.models import Inventory
from orders.models import Order
from payments.models import Payment
from payments.services.pay import pay_order
from tests.catalog.books import set_gate
from tests.payments.purchases import begin, make_order
from tests.payments.simulators import Simulator
from tests.races.threads import Runner, race
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db(transaction=True)
WITHOUT_THE_BANK = [each for each in INVARIANTS if each.source != Source.GATEWAY]  # its ledger is all tests' one


@pytest.fixture
def order(owner_actor: Actor, gateway: Simulator) -> Order:
    """A sold order; the gate says what the ledger says."""
    made = make_order(owner_actor)
    pay_order(order_id=made.pk, token="tok_visa", actor=owner_actor)
    return made


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount


def _cabin() -> Inventory:
    return Inventory.objects.get(product=None)


def _violated(report: Report) -> dict[str, list[str]]:
    return {finding.invariant.number: list(finding.ids) for finding in report.violated}


@pytest.mark.parametrize("scope", Scope)
def test_a_sound_world_holds(order: Order, scope: Scope) -> None:
    told: list[str] = []

    report = check_invariants(
        scope=scope, invariants=WITHOUT_THE_BANK, told=lambda finding: told.append(finding.invariant.number)
    )

    assert (report.exit_code, report.violated, report.scope) == (0, [], scope)
    numbers = [finding.invariant.number for finding in report.findings]
    assert numbers == [each.number for each in WITHOUT_THE_BANK]
    assert sorted(told) == sorted(numbers)


@pytest.mark.parametrize("scope", Scope)
def test_what_is_wrong_of_late_is_found(order: Order, scope: Scope) -> None:
    _run("UPDATE orders_order SET total_minor = total_minor + 1")
    set_gate(_cabin(), base=3, ver=99)

    report = check_invariants(scope=scope, invariants=WITHOUT_THE_BANK)

    assert _violated(report) == {"I8": [str(_cabin().pk)], "I13": [order.pk, Payment.objects.get().pk]}
    assert report.exit_code == 1


def test_what_is_wrong_for_long_is_left_to_the_night(order: Order) -> None:
    _run("UPDATE orders_order SET total_minor = total_minor + 1")
    _age("1 hour")

    assert check_invariants(scope=Scope.RECENT, invariants=numbered("I13")).exit_code == 0
    assert check_invariants(invariants=numbered("I13")).exit_code == 1


def _age(by: str) -> None:
    """Everything in the histories happened that much earlier."""
    for table, column in (
        ("orders_orderevent", "at"),
        ("catalog_inventory_journal", "at"),
        ("store_outboxevent", "created_at"),
        ("offers_offer", "decided_at"),
    ):
        _run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        _run(f"UPDATE {table} SET {column} = {column} - interval '{by}'")
        _run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "touch",
    [
        "UPDATE orders_orderevent SET at = now()",
        "UPDATE catalog_inventory_journal SET at = now() WHERE kind = 'SELL'",
        "UPDATE store_outboxevent SET created_at = now() WHERE topic = 'altis.orders'",
        "UPDATE store_outboxevent SET created_at = now() WHERE topic = 'altis.payments'",
    ],
)
def test_any_history_brings_an_order_into_the_recent_check(order: Order, touch: str) -> None:
    _age("1 hour")
    with snapshot(statement_seconds=5) as as_of:
        assert recent(as_of) == Extent(as_of, recent(as_of).since, [], [], [])
    _run("ALTER TABLE orders_orderevent DISABLE TRIGGER USER")
    _run("ALTER TABLE catalog_inventory_journal DISABLE TRIGGER USER")

    _run(touch)

    with snapshot(statement_seconds=5) as as_of:
        extent = recent(as_of)
    _run("ALTER TABLE orders_orderevent ENABLE TRIGGER USER")
    _run("ALTER TABLE catalog_inventory_journal ENABLE TRIGGER USER")
    assert (extent.orders, extent.offers, extent.inventories) == (
        [order.pk],
        [order.offer_id],
        [_cabin().pk],
    )


def test_all_queries_see_one_instant(order: Order) -> None:
    [counters] = numbered("I2")

    with snapshot(statement_seconds=5) as as_of:
        before = look(counters, everything(as_of))
        race([Runner(lambda: _run("UPDATE catalog_inventory SET held = held + 1"))])
        after = look(counters, everything(as_of))

    assert (before.found, after.found) == (0, 0)
    assert check_invariants(invariants=[counters]).exit_code == 1


def test_an_order_that_falls_due_during_the_check_is_not_overdue(owner_actor: Actor) -> None:
    """The snapshot stands still while the clock goes on: what counts is the clock of the snapshot."""
    [overdue] = numbered("I14a")
    make_order(owner_actor)
    _run("UPDATE orders_order SET expires_at = now() - interval '9 s'")

    with snapshot(statement_seconds=5) as as_of, connection.cursor() as cursor:
        cursor.execute("SET LOCAL altis.clock_offset = '1 hour'")
        assert db_clock() > as_of
        assert look(overdue, everything(as_of)).found == 0


def test_the_snapshot_refuses_writes_and_company(order: Order) -> None:
    with pytest.raises(Exception, match="read-only transaction"), snapshot(statement_seconds=5):
        _run("UPDATE orders_order SET total_minor = 0")

    with transaction.atomic(), pytest.raises(RuntimeError), snapshot(statement_seconds=5):
        pass


def test_a_query_that_takes_too_long_is_not_asked_and_the_others_go_on(order: Order) -> None:
    slow = Invariant("I99", "Patience", Kind.ALWAYS, "SELECT pg_sleep(9)::text")
    choked = Invariant("I98", "Sense", Kind.ALWAYS, "SELECT (1 / (count(*) - count(*)))::text FROM orders_order")

    with snapshot(statement_seconds=5) as as_of, connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
        states = [look(each, everything(as_of)).state for each in (slow, choked, *numbered("I9"))]

    assert states == [State.NOT_ASKED, State.NOT_ASKED, State.HOLDS]


def test_redis_away_leaves_the_gate_out(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    report = check_invariants(invariants=WITHOUT_THE_BANK)

    missing = [finding.invariant.number for finding in report.findings if finding.state == State.NOT_ASKED]
    assert (missing, report.exit_code) == (["I7", "I8"], 2)


@pytest.mark.parametrize("url", ["", "http://127.0.0.1:9"])
def test_the_gateway_away_leaves_its_ledger_out(order: Order, settings: Any, url: str) -> None:
    settings.ALTIS_SIMULATOR_URL = url

    report = check_invariants()

    missing = [finding.invariant.number for finding in report.findings if finding.state == State.NOT_ASKED]
    assert (missing, report.exit_code) == (["I18", "I19"], 2)


def test_a_violation_counts_for_more_than_what_was_not_asked(order: Order, settings: Any) -> None:
    settings.ALTIS_SIMULATOR_URL = ""
    _run("UPDATE orders_order SET total_minor = total_minor + 1")

    assert check_invariants().exit_code == 1


def test_without_a_database_there_is_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(module, "everything", away)

    with pytest.raises(OperationalError):
        check_invariants(invariants=numbered("I1"))


def test_a_part_of_a_number_and_the_whole_of_it_are_understood() -> None:
    assert [each.number for each in numbered("I14", "I9")] == ["I9", "I14a", "I14b"]
    assert [each.number for each in numbered("I14b")] == ["I14b"]
    with pytest.raises(LookupError):
        numbered("I1", "I24")


def test_titles_and_numbers_are_unique() -> None:
    assert len({each.number for each in INVARIANTS}) == len({each.title for each in INVARIANTS}) == len(INVARIANTS)


def test_an_undecided_payment_is_no_reason_to_worry(order: Order, owner_actor: Actor) -> None:
    begin(make_order(owner_actor))

    assert check_invariants(invariants=WITHOUT_THE_BANK).exit_code == 0
