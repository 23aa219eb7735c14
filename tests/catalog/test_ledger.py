"""The ledger's one statement: every row in ascending order, guarded, or none."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from altis.shared.actors import system
from altis.store.models import OutboxEvent
from catalog.errors import SoldOut
from catalog.inventory import Level
from catalog.models import Hold, Inventory, JournalKind
from catalog.services import ledger
from tests.api.threads import at_once
from tests.catalog.books import contradictions, figures, journal
from tests.factories import cabin_of, make_flight

pytestmark = pytest.mark.django_db
CAUSE = system("test", "because")
ROUNDS = 30


@pytest.fixture
def rows() -> list[Inventory]:
    """Three ledger rows of ten seats, highest id first."""
    made = [cabin_of(make_flight(seats={"economy": 10})) for _ in range(3)]
    return sorted(made, key=lambda row: -row.pk)


def _saved(*rows: Inventory, quantity: int = 1) -> list[Hold]:
    holds = [Hold(order_id="ord_1", inventory=row, quantity=quantity, status="HELD") for row in rows]
    for hold in holds:
        hold.item_id = hold.pk
    return Hold.objects.bulk_create(holds)


def test_rows_are_locked_by_ascending_id_before_they_change(rows: list[Inventory]) -> None:
    holds = _saved(*rows)

    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        levels = ledger.change(JournalKind.HOLD, holds, cause=CAUSE)()

    statements = [query["sql"] for query in queries if "catalog_inventory" in query["sql"]]
    ids = sorted(row.pk for row in rows)
    assert "ORDER BY id FOR NO KEY UPDATE" in statements[0]
    assert "{" + ",".join(map(str, ids)) + "}" in statements[0]
    assert levels == [Level(id, 9, 2) for id in ids]


def test_one_order_changes_many_rows_in_two_statements(rows: list[Inventory]) -> None:
    holds = _saved(*rows, *rows)

    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        ledger.change(JournalKind.HOLD, holds, cause=CAUSE)

    writes = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(writes) == 2  # the locks; counters, journal and events
    assert [figures(row) for row in rows] == [(2, 0, 3)] * 3
    assert contradictions() == {}


def test_one_row_too_few_refuses_them_all(rows: list[Inventory]) -> None:
    Inventory.objects.filter(pk=rows[0].pk).update(capacity=0)

    with pytest.raises(SoldOut), transaction.atomic():
        ledger.change(JournalKind.HOLD, _saved(*rows), cause=CAUSE)

    assert [figures(row) for row in rows] == [(0, 0, 1)] * 3
    assert not OutboxEvent.objects.exists()


def test_a_release_is_never_refused_for_want_of_seats(rows: list[Inventory]) -> None:
    full = rows[0]
    holds = _saved(full, quantity=10)
    with transaction.atomic():
        ledger.change(JournalKind.HOLD, holds, cause=CAUSE)

    with transaction.atomic():
        [level] = ledger.change(JournalKind.RELEASE, holds, cause=CAUSE)()

    assert level == Level(full.pk, 10, 3)
    assert journal(full) == [(2, "HOLD", 10, 0), (3, "RELEASE", -10, 0)]


def test_deliberate_overbooking_can_be_sold(rows: list[Inventory]) -> None:
    Inventory.objects.filter(pk=rows[0].pk).update(forced_over=2)

    with transaction.atomic():
        [level] = ledger.change(JournalKind.HOLD, _saved(rows[0], quantity=12), cause=CAUSE)()

    assert level.available == 0
    assert ledger.levels([rows[0].pk, 987_654]) == [level]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_orders_that_name_rows_in_opposite_order_do_not_deadlock(rows: list[Inventory]) -> None:
    turns = iter([list(rows), list(reversed(rows))] * ROUNDS)

    def hold_and_release() -> bool:
        with transaction.atomic():
            holds = _saved(*next(turns))
            ledger.change(JournalKind.HOLD, holds, cause=CAUSE)
            ledger.change(JournalKind.RELEASE, holds, cause=CAUSE)
        return True

    assert at_once(2 * ROUNDS, hold_and_release, threads=6) == [True] * 2 * ROUNDS

    assert [figures(row) for row in rows] == [(0, 0, 1 + 4 * ROUNDS)] * 3
