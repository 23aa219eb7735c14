"""One function writes statuses: guarded, told and announced in the same transaction, or not at all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from altis.accounts.models import User
from altis.shared.actors import Cause
from altis.shared.clock import now
from altis.shared.lifecycle import IllegalMove
from altis.store.database import DbClock
from altis.store.models import OutboxEvent
from altis.store.transition import LostRace, begin, begin_many, move, move_along, move_many
from orders.models import Order, OrderEvent
from tests.api.threads import at_once
from tests.store.rows import CAUSE, bare_order, unsaved_order

pytestmark = pytest.mark.django_db


def _written(order: Order) -> tuple[str, int, int, int]:
    """Status and version as committed, and the number of history rows and of events."""
    row = Order.objects.get(pk=order.pk)
    events = OutboxEvent.objects.filter(subject=order.pk).count()
    return row.status, row.version, OrderEvent.objects.filter(order=row).count(), events


def test_a_life_begins_with_its_history_and_its_event(owner_user: User) -> None:
    order = unsaved_order(owner_user)

    with transaction.atomic():
        begin(order, cause=CAUSE)

    assert _written(order) == ("PROPOSED", 1, 1, 1)
    history, event = OrderEvent.objects.get(), OutboxEvent.objects.get()
    assert (history.from_status, history.to_status, history.sequence) == (None, "PROPOSED", 1)
    assert (history.actor, history.reason) == ("system:test", "because")
    assert (event.id, event.sequence, event.type) == (history.pk, 1, "altis.order.proposed")


def test_a_move_writes_status_version_history_event_and_its_columns(owner_user: User) -> None:
    order = bare_order(owner_user)

    with transaction.atomic():
        move(order, "PAYMENT_PENDING", cause=CAUSE, payments=[{"id": "pay_1"}])

    assert (order.status, order.version, order.payments) == ("PAYMENT_PENDING", 2, [{"id": "pay_1"}])
    assert _written(order) == ("PAYMENT_PENDING", 2, 2, 2)
    last = OrderEvent.objects.get(sequence=2)
    assert (last.from_status, last.to_status, last.snapshot["payments"]) == (
        "PROPOSED",
        "PAYMENT_PENDING",
        [{"id": "pay_1"}],
    )
    assert OutboxEvent.objects.get(sequence=2).id == last.pk


def test_a_row_moves_along_by_one_update_and_every_move_is_told(owner_user: User) -> None:
    order = bare_order(owner_user)
    then = Cause(CAUSE.actor, "and then")

    with transaction.atomic(), CaptureQueriesContext(connection) as sent:
        move_along(order, ("PAYMENT_PENDING", CAUSE), ("PAID", then), payments=[{"id": "pay_1"}])

    assert len([query for query in sent if 'UPDATE "orders_order"' in query["sql"]]) == 1
    assert (order.status, order.version, order.payments) == ("PAID", 3, [{"id": "pay_1"}])
    assert _written(order) == ("PAID", 3, 3, 3)
    told = OrderEvent.objects.filter(sequence__gt=1).values_list("from_status", "to_status", "reason", "snapshot")
    snapshot = {"payments": [{"id": "pay_1"}], "refunds": []}
    assert list(told) == [
        ("PROPOSED", "PAYMENT_PENDING", "because", snapshot),
        ("PAYMENT_PENDING", "PAID", "and then", snapshot),
    ]
    assert list(OutboxEvent.objects.filter(sequence__gt=1).order_by("pk").values_list("sequence", flat=True)) == [2, 3]


@pytest.mark.parametrize("steps", [("PAID", "FULFILLED"), ("PAYMENT_PENDING", "FULFILLED")])
def test_moving_along_skips_nothing(owner_user: User, steps: tuple[str, str]) -> None:
    order = bare_order(owner_user)

    with transaction.atomic(), pytest.raises(IllegalMove):
        move_along(order, *((to, CAUSE) for to in steps))

    assert _written(order) == ("PROPOSED", 1, 1, 1)


def test_moving_along_is_guarded_as_every_move(owner_user: User) -> None:
    order = bare_order(owner_user)
    stale = Order.objects.get(pk=order.pk)
    with transaction.atomic():
        move(order, "CANCELLED", cause=CAUSE)

    with pytest.raises(LostRace), transaction.atomic():
        move_along(stale, ("PAYMENT_PENDING", CAUSE), ("PAID", CAUSE))

    assert _written(order) == ("CANCELLED", 2, 2, 2)


def test_the_row_must_still_have_the_version_that_was_read(owner_user: User) -> None:
    stale = bare_order(owner_user)
    fresh = Order.objects.get(pk=stale.pk)
    with transaction.atomic():
        move(fresh, "PAYMENT_PENDING", cause=CAUSE)
        move(fresh, "PROPOSED", cause=CAUSE)

    with pytest.raises(LostRace), transaction.atomic():
        move(stale, "CANCELLED", cause=CAUSE)

    assert (stale.status, stale.version) == ("PROPOSED", 1)
    assert _written(stale) == ("PROPOSED", 3, 3, 3)


def test_a_move_waits_for_no_condition_that_is_false(owner_user: User) -> None:
    order = bare_order(owner_user, expires_at=now() - timedelta(seconds=1))

    with pytest.raises(LostRace), transaction.atomic():
        move(order, "PAYMENT_PENDING", cause=CAUSE, only_if=Q(expires_at__gt=DbClock()))

    assert _written(order) == ("PROPOSED", 1, 1, 1)


def test_a_move_that_the_table_lacks_is_refused(owner_user: User) -> None:
    order = bare_order(owner_user)

    with pytest.raises(IllegalMove), transaction.atomic():
        move(order, "FULFILLED", cause=CAUSE)

    assert _written(order) == ("PROPOSED", 1, 1, 1)


def test_many_move_together_or_not_at_all(owner_user: User) -> None:
    orders = [bare_order(owner_user) for _ in range(3)]
    with transaction.atomic():
        move(Order.objects.get(pk=orders[1].pk), "CANCELLED", cause=CAUSE)

    with pytest.raises(LostRace), transaction.atomic():
        move_many(orders, "EXPIRED", cause=CAUSE)
    with transaction.atomic():
        move_many([orders[0], orders[2]], "EXPIRED", cause=CAUSE)

    assert [_written(order)[0] for order in orders] == ["EXPIRED", "CANCELLED", "EXPIRED"]
    assert OutboxEvent.objects.filter(type="altis.order.expired").count() == 2


def test_nothing_to_move_asks_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # the fixture has no public type
        begin_many([], cause=CAUSE)
        move_many([], "EXPIRED", cause=CAUSE)


def test_history_refuses_to_be_changed(owner_user: User) -> None:
    bare_order(owner_user)

    with pytest.raises(IntegrityError, match="its rows are history"), transaction.atomic():
        OrderEvent.objects.update(reason="another")
    with pytest.raises(IntegrityError, match="its rows are history"), transaction.atomic():
        OrderEvent.objects.all().delete()

    assert OrderEvent.objects.get().reason == "because"


@pytest.mark.django_db(transaction=True)
def test_a_move_outside_a_transaction_is_refused(owner_user: User) -> None:
    order = bare_order(owner_user)

    with pytest.raises(RuntimeError, match="transaction"):
        move(order, "CANCELLED", cause=CAUSE)

    assert _written(order) == ("PROPOSED", 1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_status_history_and_event_are_rolled_back_together(owner_user: User) -> None:
    order = bare_order(owner_user)

    with transaction.atomic():
        move(order, "CANCELLED", cause=CAUSE)
        assert _written(order) == ("CANCELLED", 2, 2, 2)
        transaction.set_rollback(True)

    assert _written(order) == ("PROPOSED", 1, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_of_those_that_move_at_once_one_wins(owner_user: User) -> None:
    order = bare_order(owner_user)

    def cancel() -> str:
        mine = Order(**{field.attname: getattr(order, field.attname) for field in Order._meta.concrete_fields})
        try:
            with transaction.atomic():
                move(mine, "CANCELLED", cause=CAUSE)
        except LostRace as lost:
            return lost.code
        return "won"

    told = at_once(8, cancel)

    assert sorted(told) == ["state_changed"] * 7 + ["won"]
    assert _written(order) == ("CANCELLED", 2, 2, 2)
