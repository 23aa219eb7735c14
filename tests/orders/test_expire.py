"""The sweep: holds that have ended give their seats back, and nobody who pays loses an order to it."""

from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from altis.shared.actors import Actor
from altis.store.models import OutboxEvent
from altis.store.transition import move
from catalog.models import Flight
from orders.models import Order, OrderEvent
from orders.services import expire as module
from orders.services.expire import expire_all_due, expire_due, expire_locked
from orders.tasks import sweep_expired
from tests.api.threads import at_once
from tests.catalog.books import figures, gate
from tests.conftest import Later
from tests.factories import cabin_of
from tests.orders.books import contradictions
from tests.orders.trips import CAUSE, PAYMENT, nothing_happens, offer_for, place, soon_after

pytestmark = pytest.mark.django_db
_KEPT = ("headers", "published_at", "parked_at", "error")
# Begin (savepoint here), limits, lock, orders, history, events, items, seats, holds (2), ledger, journal, events, end.
MOST_STATEMENTS = 14


@pytest.mark.django_db(transaction=True)
def test_an_order_expires_when_its_hold_ends_and_its_seats_are_for_sale_again(
    flight: Flight, owner_actor: Actor, later: Later
) -> None:
    order = place(offer_for("adult", "adult"), owner_actor)

    later(1_799 - 30)
    assert sweep_expired() == 0
    later(soon_after(order))
    assert sweep_expired() == 1

    order.refresh_from_db()
    assert (order.status, order.version) == ("EXPIRED", 2)
    assert set(order.items.values_list("status", flat=True)) == {"CANCELLED"}
    assert figures(cabin_of(flight)) == (0, 0, 3)
    assert gate(cabin_of(flight)) == {"base": "100", "ver": "3"}
    last = order.events.last()
    assert last is not None
    assert (last.actor, last.reason, last.at >= order.expires_at) == ("system:sweep", "hold_ended", True)
    assert contradictions() == {}


def test_an_expired_order_stays_so(flight: Flight, owner_actor: Actor, later: Later) -> None:
    order = place(offer_for(), owner_actor)
    later(soon_after(order))
    expire_all_due()

    with nothing_happens():
        assert expire_all_due() == 0


def test_a_payer_keeps_the_order_however_late_the_clock(flight: Flight, owner_actor: Actor, later: Later) -> None:
    order = place(offer_for(), owner_actor)
    with transaction.atomic():
        move(order, "PAYMENT_PENDING", cause=CAUSE)
    later(7_200)

    with nothing_happens():
        assert expire_all_due() == 0

    with transaction.atomic():
        move(order, "PROPOSED", cause=CAUSE)
    assert expire_all_due() == 1


def test_a_batch_is_the_oldest_that_are_due(flight: Flight, owner_actor: Actor, later: Later) -> None:
    orders = [place(offer_for(), owner_actor) for _ in range(3)]
    later(soon_after(orders[-1]))

    assert expire_due(limit=2) == 2

    assert [Order.objects.get(pk=order.pk).status for order in orders] == ["EXPIRED", "EXPIRED", "PROPOSED"]


def test_batches_go_on_until_nothing_is_due(
    flight: Flight, owner_actor: Actor, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [place(offer_for(), owner_actor) for _ in range(5)]
    later(soon_after(orders[-1]))
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "expire_due", partial(expire_due, limit=2))

    assert expire_all_due() == 5

    assert figures(cabin_of(flight)) == (0, 0, 11)
    assert contradictions() == {}


def _told(order: Order) -> tuple[dict[str, Any], dict[str, Any]]:
    """The last history row and its event, without what is each order's own."""
    moves = order.events.order_by("-sequence").values("id", "sequence", "from_status", "to_status", "snapshot")
    history: dict[str, Any] = {**moves[0]}
    [told] = OutboxEvent.objects.filter(id=history.pop("id")).values("topic", "type", "sequence", "payload", *_KEPT)
    event: dict[str, Any] = {**told}
    own = {name: event["payload"].pop(name) for name in ("offer_id", "total", "lines")}
    assert own == {"offer_id": order.offer_id, "total": order.total.as_json(), "lines": order.lines}
    return history, event


def test_a_batch_tells_of_each_order_what_a_single_end_tells(flight: Flight, owner_actor: Actor, later: Later) -> None:
    alone, *batch = (place(offer_for(bundle="comfort"), owner_actor) for _ in range(3))
    Order.objects.update(payments=[PAYMENT])
    later(soon_after(batch[-1]))
    with transaction.atomic():
        expire_locked(Order.objects.get(pk=alone.pk))

    assert expire_due() == 2

    assert [_told(order) for order in batch] == [_told(alone)] * 2


def _queries(orders: int, actor: Actor, later: Later) -> int:
    later(0)
    last = [place(offer_for("adult", "adult"), actor) for _ in range(orders)][-1]
    later(soon_after(last))
    with CaptureQueriesContext(connection) as captured:
        assert expire_due() == orders
    return len(captured)


def test_a_batch_asks_as_much_for_many_orders_as_for_one(flight: Flight, owner_actor: Actor, later: Later) -> None:
    asked = _queries(1, owner_actor, later)

    assert _queries(4, owner_actor, later) == asked
    assert asked <= MOST_STATEMENTS


@pytest.mark.django_db(transaction=True)
def test_of_many_sweeps_one_goes_on_and_the_others_leave_after_a_batch(
    flight: Flight, owner_actor: Actor, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [place(offer_for(), owner_actor) for _ in range(4)]
    later(soon_after(orders[-1]))
    monkeypatch.setattr(module, "BATCH", 1)
    monkeypatch.setattr(module, "expire_due", partial(expire_due, limit=1))
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [module._SWEEP_LOCK])
            assert expire_all_due() == 1
        other.rollback()
    finally:
        other.close()

    assert expire_all_due() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_sweeps_at_once_end_each_order_once(flight: Flight, owner_actor: Actor) -> None:
    orders = [place(offer_for(), owner_actor) for _ in range(24)]

    def sweep() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('altis.clock_offset', '1801 seconds', false)")
            try:
                return sum(expire_due(limit=2) for _ in range(8))
            finally:
                cursor.execute("SELECT set_config('altis.clock_offset', '', false)")

    assert sum(at_once(4, sweep)) == 24

    assert set(OrderEvent.objects.filter(sequence=2).values_list("order_id", flat=True)) == {o.pk for o in orders}
    assert (figures(cabin_of(flight)), gate(cabin_of(flight))) == ((0, 0, 49), {"base": "100", "ver": "49"})
    assert contradictions() == {}


@pytest.mark.django_db(transaction=True)
def test_a_sweep_leaves_out_what_somebody_has_locked(flight: Flight, owner_actor: Actor, later: Later) -> None:
    locked, free = (place(offer_for(), owner_actor) for _ in range(2))
    later(soon_after(free))
    payer = connection.copy()
    try:
        payer.set_autocommit(False)
        with payer.cursor() as cursor:
            cursor.execute("SELECT 1 FROM orders_order WHERE id = %s FOR NO KEY UPDATE", [locked.pk])
            assert expire_all_due() == 1
        payer.rollback()
    finally:
        payer.close()

    assert {order.pk: order.status for order in Order.objects.all()} == {locked.pk: "PROPOSED", free.pk: "EXPIRED"}
    assert expire_all_due() == 1
