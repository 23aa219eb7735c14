"""Moving travellers to another flight: the new units are taken, the old ones come back, the money stays."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.db.models import F

from altis.shared.actors import Actor
from altis.store.models import OutboxEvent
from catalog.errors import SoldOut
from catalog.models import Flight, SeatAssignment
from catalog.services.close_sales import close_sales
from orders.barcodes import decode
from orders.errors import ConnectionMissed, OrderFlown, OrderNotChangeable, OrderNotFound, RebookingImpossible
from orders.models import Order, OrderItem
from orders.placing import Extra
from orders.services.fulfil import fulfil_order
from orders.services.rebook import rebook
from tests.catalog.books import figures, journal
from tests.conftest import Later
from tests.factories import cabin_of, make_product
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import nothing_happens, offer_for, pay_up, place

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "usr_1")
NEXT_DAY = 11


@pytest.fixture
def other(flight: Flight) -> Flight:
    """The same way on the next day."""
    return market.fly("101", day=market.soon(NEXT_DAY))


def move_to(other: Flight, order: Order, **changed: Any) -> Order:
    """Rebook the order from its first flight."""
    came_from = order.slices[0]["segments"][0]["flight_id"]
    asked = {"from_flight": came_from, "to_flight": other.pk, "actor": STAFF, "reason": "flight_cancelled", **changed}
    return rebook(order_id=order.pk, **asked)


def issued(actor: Actor, *types: str, bundle: str = "flight_only", **choices: Any) -> Order:
    """A FULFILLED order."""
    return fulfil_order(pay_up(place(offer_for(*types, bundle=bundle), actor, **choices)).pk)


def test_everything_on_the_flight_moves_and_nothing_costs_more(
    flight: Flight, other: Flight, owner_actor: Actor
) -> None:
    order = issued(owner_actor, "adult", "child", "infant", bundle="premium")

    moved = move_to(other, order)

    assert (moved.status, moved.version, moved.total) == ("FULFILLED", order.version + 1, order.total)
    assert moved.arrives_at == other.arriving_at
    assert moved.slices[0]["segments"][0]["flight_id"] == other.pk
    assert (figures(cabin_of(flight))[:2], figures(cabin_of(other))[:2]) == ((0, 0), (0, 2))
    old, new = order.items.filter(flight=flight), order.items.filter(flight=other)
    assert {item.status for item in old} == {"EXCHANGED"}
    assert [(item.total_minor, item.status) for item in new] == [(item.total_minor, "CONFIRMED") for item in old]
    assert contradictions() == {}


def test_the_price_explains_that_the_move_was_free(flight: Flight, other: Flight, owner_actor: Actor) -> None:
    order = issued(owner_actor)

    move_to(other, order)

    old, new = order.items.order_by("position")
    why = {"label": f"Moved to AL 101 of {market.soon(NEXT_DAY)}", "amount": "0.00"}
    assert new.price_explanation == [*old.price_explanation, why]


def test_the_ledger_sells_before_it_takes_back(flight: Flight, other: Flight, owner_actor: Actor) -> None:
    order = issued(owner_actor)

    move_to(other, order)

    assert journal(cabin_of(other)) == [(2, "HOLD", 1, 0), (3, "SELL", -1, 1)]
    assert journal(cabin_of(flight))[-1] == (4, "RETURN", 0, -1)


def test_the_old_documents_are_void_and_the_new_ones_are_for_the_new_flight(
    flight: Flight, other: Flight, owner_actor: Actor
) -> None:
    order = issued(owner_actor, bundle="premium")
    before = set(order.documents.values_list("pk", flat=True))

    move_to(other, order)

    valid = order.documents.filter(voided_at__isnull=True)
    assert before.isdisjoint(valid.values_list("pk", flat=True))
    assert (valid.count(), order.documents.exclude(voided_at__isnull=True).count()) == (len(before), len(before))
    [boarding] = valid.filter(type="boarding_document")
    assert decode(boarding.payload).legs[0].flight_number == "0101"


def test_who_it_was_and_the_new_lines_are_announced_as_a_change(
    flight: Flight, other: Flight, owner_actor: Actor
) -> None:
    order = issued(owner_actor)

    move_to(other, order)

    event = OutboxEvent.objects.get(type="altis.order.changed", subject=order.pk)
    assert event.payload["reason"] == "flight_cancelled"
    assert [line["flight_id"] for line in event.payload["lines"]] == [other.pk]
    last = order.events.last()
    assert last is not None
    assert (last.pk, last.change, last.actor) == (event.id, "rebooked", "staff:usr_1")
    assert (last.from_status, last.to_status) == ("FULFILLED", "FULFILLED")


def test_an_order_whose_documents_are_still_owed_gets_them_for_the_new_flight(
    flight: Flight, other: Flight, owner_actor: Actor
) -> None:
    order = pay_up(place(offer_for(), owner_actor))

    assert move_to(other, order).status == "PAID"
    assert order.documents.count() == 0

    fulfil_order(order.pk)
    assert decode(order.documents.get().payload).legs[0].flight_number == "0101"
    assert contradictions() == {}


@pytest.mark.parametrize(("taken", "seat"), [(False, "12A"), (True, "")])
def test_a_named_seat_moves_along_where_it_is_free(
    flight: Flight, other: Flight, owner_actor: Actor, taken: bool, seat: str
) -> None:
    chosen = Extra(make_product("seat").pk, passenger=0, segment=0, seat="12A")
    order = issued(owner_actor, extras=[chosen])
    if taken:
        SeatAssignment.objects.create(flight=other, seat="12A", order_id="", item_id="", passenger_id="")

    move_to(other, order)

    assert order.items.get(flight=other, type="seat").seat == seat
    assert not SeatAssignment.objects.filter(flight=flight, released_at__isnull=True).exists()
    SeatAssignment.objects.filter(order_id="").delete()
    assert contradictions() == {}


def test_a_full_flight_refuses_and_leaves_everything_as_it_was(
    flight: Flight, other: Flight, owner_actor: Actor
) -> None:
    order = issued(owner_actor, bundle="premium")
    other.inventory.update(sold=F("capacity"))

    with nothing_happens(), pytest.raises(SoldOut):
        move_to(other, order)

    assert set(order.items.values_list("status", flat=True)) == {"CONFIRMED"}
    assert not order.documents.exclude(voided_at__isnull=True).exists()


def test_a_full_lounge_refuses_though_there_are_seats(flight: Flight, other: Flight, owner_actor: Actor) -> None:
    order = issued(owner_actor, bundle="premium")
    other.inventory.filter(product__isnull=False).update(sold=F("capacity"))

    with nothing_happens(), pytest.raises(SoldOut):
        move_to(other, order)


def test_a_flight_without_what_was_bought_is_refused(flight: Flight, other: Flight, owner_actor: Actor) -> None:
    order = issued(owner_actor, bundle="premium")
    _forget_lounge(other)

    with nothing_happens(), pytest.raises(RebookingImpossible, match="does not offer"):
        move_to(other, order)


def _forget_lounge(flight: Flight) -> None:
    lounge = flight.inventory.get(product__isnull=False)
    lounge.product = make_product("lounge", capacity_controlled=True)
    lounge.save()


def test_a_cancelled_or_departed_flight_is_no_place_to_go(
    flight: Flight, other: Flight, owner_actor: Actor, later: Later
) -> None:
    order = issued(owner_actor)
    gone = market.fly("102", day=market.soon(1), at=time(0, 1))
    Flight.objects.filter(pk=other.pk).update(cancelled_at=flight.departing_at, sales_open=False)
    later(timedelta(days=3).total_seconds())

    for away in (other, gone):
        with nothing_happens(), pytest.raises(RebookingImpossible):
            move_to(away, order)


def test_a_flight_that_is_closed_for_sale_takes_nobody_and_says_so(
    flight: Flight, other: Flight, owner_actor: Actor
) -> None:
    order = issued(owner_actor)
    close_sales(flight_id=other.pk, actor=STAFF, reason="weather")

    with nothing_happens(), pytest.raises(RebookingImpossible, match="closed"):
        move_to(other, order)


def test_a_flown_flight_is_not_changed_but_a_cancelled_one_is(
    flight: Flight, other: Flight, owner_actor: Actor, later: Later
) -> None:
    order = issued(owner_actor)
    later(timedelta(days=10, hours=12).total_seconds())

    with nothing_happens(), pytest.raises(OrderFlown):
        move_to(other, order)
    Flight.objects.filter(pk=flight.pk).update(cancelled_at=flight.departing_at, sales_open=False)

    assert move_to(other, order).version == order.version + 1


def test_a_missed_connection_is_refused(owner_actor: Actor) -> None:
    market.make_bundles()
    day = market.soon()
    market.fly("200", way=("LHR", "CDG"), day=day, at=time(8), minutes=90)
    market.fly("201", way=("CDG", "DXB"), day=day, at=time(13), minutes=400)
    late = market.fly("202", way=("LHR", "CDG"), day=day, at=time(11), minutes=90)
    order = fulfil_order(pay_up(place(offer_for(ways=[("LHR", "DXB")]), owner_actor)).pk)
    assert len(order.slices[0]["segments"]) == 2

    with nothing_happens(), pytest.raises(ConnectionMissed):
        move_to(late, order)


def test_an_unpaid_an_unknown_and_a_moved_order_are_refused(flight: Flight, other: Flight, owner_actor: Actor) -> None:
    unpaid, moved = place(offer_for(), owner_actor), issued(owner_actor)
    move_to(other, moved)

    with nothing_happens():
        with pytest.raises(OrderNotChangeable):
            move_to(other, unpaid)
        with pytest.raises(RebookingImpossible):
            move_to(other, moved)
        with pytest.raises(OrderNotFound):
            rebook(order_id="ord_1", from_flight=flight.pk, to_flight=other.pk, actor=STAFF, reason="flight_cancelled")


def test_an_order_may_be_moved_again_and_back(flight: Flight, other: Flight, owner_actor: Actor) -> None:
    order = issued(owner_actor, bundle="premium")

    there = move_to(other, order)
    back = rebook(order_id=order.pk, from_flight=other.pk, to_flight=flight.pk, actor=STAFF, reason="schedule_change")

    assert (back.version, back.slices) == (there.version + 1, order.slices)
    assert OrderItem.objects.filter(order=order, status="CONFIRMED").count() == order.items.filter(version=2).count()
    assert contradictions() == {}
