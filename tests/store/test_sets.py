"""Rows that nobody loads move as guarded as those that somebody did, and their events are the same rows."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from orjson import Fragment

from altis.accounts.models import User
from altis.shared.lifecycle import IllegalMove
from altis.store import outbox
from altis.store.models import OutboxEvent
from altis.store.sets import AnyOf, move_set, record_set
from altis.store.transition import LostRace, move
from orders.models import Order
from tests.store.rows import CAUSE, Noted, bare_order

pytestmark = pytest.mark.django_db
_COLUMNS = ("topic", "type", "subject", "sequence", "payload", "headers", "published_at", "parked_at", "error")


def _three(owner: User) -> list[Order]:
    """The second one is not PROPOSED any more."""
    orders = [bare_order(owner) for _ in range(3)]
    with transaction.atomic():
        move(orders[1], "PAYMENT_PENDING", cause=CAUSE)
    return orders


def _statuses() -> list[tuple[str, int]]:
    return list(Order.objects.order_by("pk").values_list("status", "version"))


def test_what_has_another_status_stays_out_of_a_set(owner_user: User) -> None:
    orders = _three(owner_user)

    with transaction.atomic():
        moved = move_set(Order.objects.all(), "EXPIRED", came_from="PROPOSED")

    assert moved == {orders[0].pk: 2, orders[2].pk: 2}
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


def test_a_set_that_is_empty_by_its_words_asks_nothing(owner_user: User, django_assert_num_queries: object) -> None:
    with transaction.atomic(), django_assert_num_queries(0):  # type: ignore[operator]  # it has no public type
        assert move_set(Order.objects.filter(pk__in=[]), "EXPIRED", came_from="PROPOSED") == {}
        record_set([])


def test_any_of_finds_what_in_finds(owner_user: User) -> None:
    orders = _three(owner_user)
    wanted = [orders[0].pk, orders[2].pk, "ord_unknown"]

    found = Order.objects.filter(AnyOf(F("pk"), wanted)).order_by("pk")

    assert [order.pk for order in found] == [orders[0].pk, orders[2].pk]
    assert not Order.objects.filter(AnyOf(F("pk"), [])).exists()


def test_events_of_a_set_are_the_rows_that_single_ones_would_be() -> None:
    with transaction.atomic():
        outbox.record_many([Noted(subject="ord_1", sequence=1, note='"'), Noted(subject="ord_2", sequence=7)])
        alone = list(OutboxEvent.objects.order_by("position").values(*_COLUMNS))
        transaction.set_rollback(True)

    with transaction.atomic():
        fragment = Noted(subject="ord_1", sequence=1, note=Fragment(b'"\\""'))  # type: ignore[arg-type]  # as JSON
        record_set([fragment, Noted(subject="ord_2", sequence=7)], ids=["evt_1", "evt_2"])

    assert list(OutboxEvent.objects.order_by("position").values(*_COLUMNS)) == alone
    assert list(OutboxEvent.objects.order_by("position").values_list("id", flat=True)) == ["evt_1", "evt_2"]


def test_a_set_has_one_event_per_version_too() -> None:
    with pytest.raises(IntegrityError, match="outbox_one_event_per_version"), transaction.atomic():
        record_set([Noted(subject="ord_1", sequence=1), Noted(subject="ord_1", sequence=1)])

    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_set_outside_a_transaction_is_refused(owner_user: User) -> None:
    order = bare_order(owner_user)

    with pytest.raises(RuntimeError, match="transaction"):
        move_set(Order.objects.all(), "EXPIRED", came_from="PROPOSED")
    with pytest.raises(RuntimeError, match="transaction"):
        record_set([Noted(subject="ord_1", sequence=1)])

    assert (_statuses(), OutboxEvent.objects.exclude(subject=order.pk).exists()) == ([("PROPOSED", 1)], False)
