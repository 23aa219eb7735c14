"""Moving the travellers of one flight to another one, at no charge: the new seats are taken before the old are given.

The order's row is locked first, then the ledger's rows of both flights, in ascending order. Whatever is refused, be it
by the ledger, by a seat that somebody else has, or by the rules of the trip, leaves nothing behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings

from altis.shared.actors import Actor, Cause
from altis.store.database import DbNow, command, retried
from altis.store.failpoints import failpoint
from altis.store.rows import insert
from altis.store.transition import begin_many, move_many
from catalog.errors import SeatTaken
from catalog.models import Flight, SeatAssignment
from catalog.selectors import flights_by_id
from catalog.services import ledger
from catalog.services.give_up import return_units
from catalog.services.holds import Need, hold_units, sell_units
from offers.presenting import segment_json
from offers.services.finding import segment_of
from orders.errors import OrderFlown, OrderNotChangeable, RebookingImpossible
from orders.lifecycle import SOLD, ItemStatus, OrderChange, OrderStatus
from orders.models import Order, OrderItem
from orders.rebooking import last_arrival, segment_on, with_segment
from orders.services.change import change_order
from orders.services.checkout import has_departed, instant_of, lock_order
from orders.services.draft import line_of
from orders.services.exchange import Exchange, exchange
from orders.services.parts import Parts, Sold
from orders.services.replace_documents import replace_documents


@dataclass(frozen=True, slots=True)
class _Trip:
    """The order's trip as it becomes, and the items that it is about."""

    slices: list[dict[str, Any]]
    items: list[OrderItem]
    flight: Flight


def rebook(*, order_id: str, from_flight: str, to_flight: str, actor: Actor, reason: str) -> Order:
    """Move what a PAID or FULFILLED order has on one flight to another flight of the same ends; returns the order.

    Both flights are `flt_` ids. Money and total stay; the old items are EXCHANGED, and new documents are issued when
    there were any. Raises OrderNotFound, OrderNotChangeable, OrderFlown, RebookingImpossible, ConnectionMissed,
    SoldOut or SeatTaken; after any refusal everything is as it was.
    """
    cause = Cause(actor, reason)

    def work() -> Order:
        with command():
            order = lock_order(order_id)
            if order.status not in SOLD:
                raise OrderNotChangeable
            if has_departed(order, from_flight):
                raise OrderFlown
            sold = Sold(order.pk)
            trip = _trip(order, sold.items_that_are(ItemStatus.CONFIRMED), from_flight, to_flight)
            pairs = exchange(trip.items, trip.flight, order, first_position=len(sold.items))
            _swap(order, pairs, cause=cause)
            _rewrite(order, trip, cause=cause)
            failpoint("rebook.before_commit")
        return order

    return retried(work)


def _trip(order: Order, confirmed: Sequence[OrderItem], from_flight: str, to_flight: str) -> _Trip:
    old = segment_on(order.slices, from_flight)
    items = [item for item in confirmed if item.flight_id == from_flight]
    flight = Flight.objects.filter(pk=to_flight).first()
    view = flights_by_id([to_flight]).get(to_flight)
    if flight is None or view is None:
        raise RebookingImpossible("There is no such flight.")
    if flight.cancelled_at is not None or flight.departing_at <= instant_of(order):
        raise RebookingImpossible("That flight is cancelled or has departed.")
    if not flight.sales_open:
        raise RebookingImpossible("Sales of that flight are closed.")
    gap = timedelta(minutes=settings.ALTIS_MIN_CONNECTION_MINUTES)
    slices = with_segment(order.slices, old, segment_json(segment_of(view, old["cabin"])), gap=gap)
    return _Trip(slices, items, flight)


def _swap(order: Order, pairs: Sequence[Exchange], *, cause: Cause) -> None:
    """Take the new units and seats, then give the old ones back."""
    old, new = [pair.old for pair in pairs], [pair.new for pair in pairs]
    ledger.lock([item.inventory_id for item in (*old, *new) if item.inventory_id is not None])
    move_many(old, ItemStatus.EXCHANGED, cause=cause)
    begin_many(new, cause=cause)
    move_many(new, ItemStatus.CONFIRMED, cause=cause)
    SeatAssignment.objects.filter(item_id__in=[item.pk for item in old], released_at__isnull=True).update(
        released_at=DbNow()
    )
    insert([pair.seat for pair in pairs if pair.seat is not None], refusals={"seat_sold_once": SeatTaken})
    needs = [Need(item.inventory_id, item.pk, item.units) for item in new if item.inventory_id is not None]
    hold_units(order_id=order.pk, needs=needs, token="", cause=cause)
    sell_units([order.pk], cause=cause)
    return_units([item.pk for item in old if item.inventory_id is not None], cause=cause)


def _rewrite(order: Order, trip: _Trip, *, cause: Cause) -> None:
    """The order's own row, its documents where it had some, its history and its event."""
    parts, order.slices = Parts(order.pk), trip.slices
    if order.status == OrderStatus.FULFILLED:
        replace_documents(order, parts)
    else:
        order.keep(passengers=parts.passengers, items=parts.items, documents=[])
    change_order(
        order,
        OrderChange.REBOOKED,
        cause=cause,
        slices=trip.slices,
        lines=[line_of(item) for item in parts.items if item.status != ItemStatus.EXCHANGED],
        arrives_at=last_arrival(trip.slices),
    )
