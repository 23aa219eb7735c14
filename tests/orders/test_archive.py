"""Archiving what was flown a day ago, by the hourly job or on a member of staff's word."""

import pytest

from altis.shared.actors import Actor
from altis.shared.clock import now
from catalog.models import Flight
from catalog.services.cancel_flight import cancel_flight
from orders.errors import OrderNotArchivable
from orders.models import Order
from orders.services.archive import archive_flown, archive_order
from orders.tasks import archive_flown as task
from tests.conftest import Later
from tests.orders.books import contradictions
from tests.orders.trips import nothing_happens, offer_for, place

pytestmark = pytest.mark.django_db
DAY = 86_400
STAFF = Actor("staff", "usr_staff")


def _landed(order: Order) -> float:
    return (order.arrives_at - now()).total_seconds()


def test_a_day_after_the_last_arrival_an_order_is_archived(fulfilled: Order, later: Later) -> None:
    later(_landed(fulfilled) + DAY - 60)
    with nothing_happens():
        assert task() == 0
    later(_landed(fulfilled) + DAY + 1)

    assert task() == 1

    fulfilled.refresh_from_db()
    assert (fulfilled.status, fulfilled.version) == ("ARCHIVED", 5)
    assert archive_flown() == 0
    assert contradictions() == {}


def test_staff_may_archive_one_order_that_was_flown(fulfilled: Order, later: Later) -> None:
    later(_landed(fulfilled) + DAY + 1)

    archived = archive_order(order_id=fulfilled.pk, actor=STAFF, reason="tidy")

    last = archived.events.last()
    assert last is not None
    assert (archived.status, last.actor, last.reason) == ("ARCHIVED", "staff:usr_staff", "tidy")


def test_staff_may_not_archive_before_it_was_flown(fulfilled: Order, later: Later) -> None:
    later(_landed(fulfilled) + 60)

    with nothing_happens(), pytest.raises(OrderNotArchivable):
        archive_order(order_id=fulfilled.pk, actor=STAFF, reason="tidy")


def test_who_was_on_a_cancelled_flight_waits_for_a_person(fulfilled: Order, flight: Flight, later: Later) -> None:
    cancel_flight(flight_id=flight.pk, actor=STAFF, reason="weather")
    later(_landed(fulfilled) + DAY + 1)

    with nothing_happens():
        assert archive_flown() == 0
    assert archive_order(order_id=fulfilled.pk, actor=STAFF, reason="no_show").status == "ARCHIVED"


def test_what_was_never_fulfilled_is_not_archived(flight: Flight, owner_actor: Actor, later: Later) -> None:
    order = place(offer_for(), owner_actor)
    later(_landed(order) + 2 * DAY)

    with nothing_happens(), pytest.raises(OrderNotArchivable):
        archive_order(order_id=order.pk, actor=STAFF, reason="tidy")
    with nothing_happens():
        assert archive_flown() == 0
