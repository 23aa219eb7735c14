"""More time to pay: twice, within a day, before the sales cut-off, and never for a hold that has ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from altis.shared.actors import Actor
from altis.store.models import OutboxEvent
from altis.store.transition import LostRace, move
from catalog.models import Flight
from catalog.services.cancel_flight import cancel_flight
from orders.errors import HoldNotExtendable, OrderGone
from orders.models import Order
from orders.services.expire import expire_all_due
from orders.services.extend_hold import extend_hold
from tests.conftest import Later
from tests.orders.books import contradictions
from tests.orders.trips import CAUSE, nothing_happens, offer_for, place, soon_after

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "usr_1")


@pytest.fixture
def order(flight: Flight, owner_actor: Actor) -> Order:
    return place(offer_for(), owner_actor)


def _extend(order: Order, minutes: int = 60, *, seen: int | None = None) -> Order:
    return extend_hold(order_id=order.pk, minutes=minutes, actor=STAFF, reason="customer_request", seen=seen)


def test_the_deadline_moves_and_the_sweep_waits_for_it(order: Order, later: Later) -> None:
    extended = _extend(order)

    assert extended.expires_at == order.expires_at + timedelta(minutes=60)
    later(soon_after(order))
    assert expire_all_due() == 0
    later(soon_after(extended))
    assert expire_all_due() == 1
    assert contradictions() == {}


def test_it_is_told_by_whom_and_why(order: Order) -> None:
    extended = _extend(order)

    last = order.events.last()
    assert last is not None
    assert (last.change, last.actor, last.reason) == ("extended", "staff:usr_1", "customer_request")
    assert last.snapshot["expires_at"][:19] == f"{extended.expires_at:%Y-%m-%dT%H:%M:%S}"
    assert OutboxEvent.objects.get(type="altis.order.extended").id == last.pk


def test_a_hold_is_extended_twice_at_most(order: Order) -> None:
    _extend(order)
    _extend(order)

    with nothing_happens(), pytest.raises(HoldNotExtendable, match="2 times"):
        _extend(order)


def test_who_presses_twice_extends_once(order: Order) -> None:
    _extend(order, seen=1)

    with nothing_happens(), pytest.raises(LostRace):
        _extend(order, seen=1)


@pytest.mark.parametrize("minutes", [0, -10, 24 * 60, 10**18, -(10**18)])
def test_a_hold_does_not_last_longer_than_a_day(order: Order, minutes: int) -> None:
    with nothing_happens(), pytest.raises(HoldNotExtendable):
        _extend(order, minutes)


def test_a_hold_ends_at_the_sales_cut_off(order: Order, flight: Flight, settings: Any) -> None:
    settings.ALTIS_SALES_CUTOFF_SECONDS = (
        flight.departing_at - order.expires_at - timedelta(minutes=30)
    ).total_seconds()

    with nothing_happens(), pytest.raises(HoldNotExtendable):
        _extend(order, 31)
    assert _extend(order, 30).version == 2


def test_nobody_waits_longer_for_a_flight_that_was_cancelled(order: Order, flight: Flight) -> None:
    cancel_flight(flight_id=flight.pk, actor=STAFF, reason="weather")

    with nothing_happens(), pytest.raises(HoldNotExtendable, match="cancelled"):
        _extend(order)


def test_a_hold_that_has_ended_is_not_revived(order: Order, later: Later) -> None:
    later(soon_after(order))

    with nothing_happens(), pytest.raises(OrderGone):
        _extend(order)
    expire_all_due()
    with nothing_happens(), pytest.raises(OrderGone):
        _extend(order)


def test_an_order_that_is_being_paid_has_no_clock_to_move(order: Order) -> None:
    with transaction.atomic():
        move(order, "PAYMENT_PENDING", cause=CAUSE)

    with nothing_happens(), pytest.raises(HoldNotExtendable):
        _extend(order)
