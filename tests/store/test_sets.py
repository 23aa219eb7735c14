"""Rows that nobody loads move as guarded as those that somebody did."""

import pytest
from django.db import connection, transaction
from django.db.models import F, QuerySet

from altis.accounts.models import User
from altis.shared.lifecycle import IllegalMove
from altis.store.sets import AnyOf, array, go_by_index, move_and_read, move_set
from altis.store.transition import LostRace, move
from orders.models import Order
from tests.store.rows import CAUSE, bare_order

pytestmark = pytest.mark.django_db


def _three(owner: User) -> list[Order]:
    """The second one is not PROPOSED any more."""
    orders = [bare_order(owner) for _ in range(3)]
    with transaction.atomic():
        move(orders[1], "PAYMENT_PENDING", cause=CAUSE)
    return orders


def _statuses() -> list[tuple[str, int]]:
    return list(Order.objects.order_by("pk").values_list("status", "version"))


def test_what_has_another_status_stays_out_of_a_set(owner_user: User) -> None:
    _three(owner_user)

    with transaction.atomic():
        moved = move_set(Order.objects.all(), "EXPIRED", came_from="PROPOSED")

    assert moved == 2
    assert _statuses() == [("EXPIRED", 2), ("PAYMENT_PENDING", 2), ("EXPIRED", 2)]


def test_a_set_that_was_counted_moves_whole_or_not_at_all(owner_user: User) -> None:
    _three(owner_user)

    with pytest.raises(LostRace), transaction.atomic():
        move_set(Order.objects.all(), "EXPIRED", came_from="PROPOSED", count=3)

    assert _statuses() == [("PROPOSED", 1), ("PAYMENT_PENDING", 2), ("PROPOSED", 1)]


def test_a_set_moves_only_where_its_table_allows(owner_user: User) -> None:
    _three(owner_user)

    with pytest.raises(IllegalMove), transaction.atomic():
        move_set(Order.objects.all(), "FULFILLED", came_from="PROPOSED")

    assert _statuses() == [("PROPOSED", 1), ("PAYMENT_PENDING", 2), ("PROPOSED", 1)]


def test_what_was_moved_can_be_read_in_the_same_breath(owner_user: User) -> None:
    orders = _three(owner_user)

    with transaction.atomic():
        moved = move_and_read(Order.objects.all(), "EXPIRED", came_from="PROPOSED", columns="id, version")

    assert sorted(moved) == [(orders[0].pk, 2), (orders[2].pk, 2)]
    assert _statuses() == [("EXPIRED", 2), ("PAYMENT_PENDING", 2), ("EXPIRED", 2)]


def test_a_set_that_is_empty_by_its_words_asks_nothing(owner_user: User, django_assert_num_queries: object) -> None:
    with transaction.atomic(), django_assert_num_queries(0):  # type: ignore[operator]  # it has no public type
        assert move_set(Order.objects.filter(pk__in=[]), "EXPIRED", came_from="PROPOSED") == 0


def test_any_of_finds_what_in_finds(owner_user: User) -> None:
    orders = _three(owner_user)
    wanted = [orders[0].pk, orders[2].pk, "ord_unknown"]

    found = Order.objects.filter(AnyOf(F("pk"), wanted)).order_by("pk")

    assert [order.pk for order in found] == [orders[0].pk, orders[2].pk]
    assert not Order.objects.filter(AnyOf(F("pk"), [])).exists()


def test_an_array_in_one_text_is_the_same_array() -> None:
    ids = ["ord_1", 'with "quotes", commas and a \\', "{}"]

    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[], %s::bigint[], %s::text[]", [array(ids), array([7, -1]), array([])])
        found = cursor.fetchone()

    assert found == (ids, [7, -1], [])


# A table that nobody has ever looked at: what the real one is known to hold hangs on the tests before.
_NEW_TABLE = """
CREATE TEMP TABLE orders_order (LIKE public.orders_order INCLUDING INDEXES) ON COMMIT DROP;
INSERT INTO orders_order SELECT * FROM public.orders_order
"""
_THOUSANDS = """
INSERT INTO orders_order
SELECT made.* FROM orders_order AS o, generate_series(1, 3000) AS n, LATERAL jsonb_populate_record(o,
       jsonb_build_object('id', 'ord_' || n, 'offer_id', 'off_' || n, 'reference', lpad(n::text, 6, '0'))) AS made
"""


def _plan(rows: QuerySet[Order]) -> str:
    with connection.cursor() as cursor:
        text, parameters = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN {text}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_a_set_is_found_by_an_index_also_before_the_statistics_know_of_the_rows(owner_user: User) -> None:
    bare_order(owner_user)
    with connection.cursor() as cursor:
        cursor.execute(_NEW_TABLE)
        cursor.execute(_THOUSANDS)
    of_many = Order.objects.filter(AnyOf(F("owner_id"), [f"usr_{n}" for n in range(250)])).order_by()

    with transaction.atomic():
        before = _plan(of_many)
        go_by_index()
        after = _plan(of_many)

    assert "Seq Scan" in before  # the control
    assert ("Seq Scan" in after, "Index Scan using orders_order_owner_id" in after) == (False, True), after


@pytest.mark.django_db(transaction=True)
def test_a_set_outside_a_transaction_is_refused(owner_user: User) -> None:
    bare_order(owner_user)

    with pytest.raises(RuntimeError, match="transaction"):
        move_set(Order.objects.all(), "EXPIRED", came_from="PROPOSED")
    with pytest.raises(RuntimeError, match="transaction"):
        move_and_read(Order.objects.all(), "EXPIRED", came_from="PROPOSED", columns="id")

    assert _statuses() == [("PROPOSED", 1)]
