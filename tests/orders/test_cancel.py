"""Giving an unpaid order up: its units and seats are on sale again, and no other order can be given up like this."""

from collections.abc import Callable

import pytest
from django.db import transaction

from altis.shared.actors import Actor
from altis.store.models import OutboxEvent
from altis.store.transition import move
from catalog.models import Flight, SeatAssignment
from orders.errors import OrderNotCancellable
from orders.models import Order
from orders.placing import Extra
from orders.services.cancel import cancel_order
from orders.services.expire import expire_all_due
from orders.services.fulfil import fulfil_order
from tests.catalog.books import figures, gate, holds_of
from tests.conftest import Later
from tests.factories import cabin_of, make_product
from tests.orders.books import contradictions
from tests.orders.trips import CAUSE, nothing_happens, offer_for, pay_up, place, soon_after

pytestmark = pytest.mark.django_db


def _cancel(order: Order, actor: Actor) -> Order:
    return cancel_order(order_id=order.pk, actor=actor, reason="customer_cancelled")


@pytest.mark.django_db(transaction=True)
def test_a_cancelled_order_gives_everything_back(flight: Flight, owner_actor: Actor) -> None:
    seat = Extra(make_product("seat").pk, passenger=0, segment=0, seat="12A")
    order = place(offer_for(bundle="premium"), owner_actor, extras=[seat])

    cancelled = _cancel(order, owner_actor)

    assert (cancelled.status, cancelled.version) == ("CANCELLED", 2)
    assert set(order.items.values_list("status", flat=True)) == {"CANCELLED"}
    assert {status for status, _ in holds_of(order.pk)} == {"RELEASED"}
    assert figures(cabin_of(flight)) == (0, 0, 3)
    assert gate(cabin_of(flight)) == {"base": "100", "ver": "3"}
    assert not SeatAssignment.objects.filter(released_at__isnull=True).exists()
    assert contradictions() == {}


def test_who_gave_up_and_why_is_written_down(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor)

    _cancel(order, owner_actor)

    last = order.events.last()
    assert last is not None
    assert (last.from_status, last.to_status) == ("PROPOSED", "CANCELLED")
    assert (last.actor, last.reason) == (str(owner_actor), "customer_cancelled")
    types = list(OutboxEvent.objects.order_by("-position").values_list("type", flat=True)[:2])
    assert types == ["altis.inventory.released", "altis.order.cancelled"]


def _paid(order: Order, actor: Actor, later: Later) -> None:
    pay_up(order)


def _fulfilled(order: Order, actor: Actor, later: Later) -> None:
    fulfil_order(pay_up(order).pk)


def _cancelled(order: Order, actor: Actor, later: Later) -> None:
    _cancel(order, actor)


def _expired(order: Order, actor: Actor, later: Later) -> None:
    later(soon_after(order))
    expire_all_due()


def _overdue(order: Order, actor: Actor, later: Later) -> None:
    later(soon_after(order))


@pytest.mark.parametrize("until", [_paid, _fulfilled, _cancelled, _expired, _overdue])
def test_any_other_order_is_refused(
    flight: Flight, owner_actor: Actor, later: Later, until: Callable[[Order, Actor, Later], None]
) -> None:
    order = place(offer_for(), owner_actor)
    until(order, owner_actor, later)

    with nothing_happens(), pytest.raises(OrderNotCancellable):
        _cancel(order, owner_actor)


def test_an_order_that_is_being_paid_is_refused(flight: Flight, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor)
    with transaction.atomic():
        move(order, "PAYMENT_PENDING", cause=CAUSE)

    with nothing_happens(), pytest.raises(OrderNotCancellable):
        _cancel(order, owner_actor)
