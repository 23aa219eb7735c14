"""The sweep: holds that have ended give their seats back, and nobody who pays loses an order to it."""

from functools import partial

import pytest
from django.db import connection, transaction

from altis.shared.actors import Actor
from altis.store.transition import move
from catalog.models import Flight
from orders.models import Order
from orders.services import expire as module
from orders.services.expire import expire_all_due, expire_due
from orders.tasks import sweep_expired
from tests.catalog.books import figures, gate
from tests.conftest import Later
from tests.factories import cabin_of
from tests.orders.books import contradictions
from tests.orders.trips import CAUSE, nothing_happens, offer_for, place, soon_after

pytestmark = pytest.mark.django_db


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
