"""Reading orders. One function decides who sees an order."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from altis.privacy.keys import prefetch
from altis.shared.actors import Actor
from altis.store.database import DbNow
from orders.errors import DocumentNotFound, OrderNotFound
from orders.lifecycle import OrderStatus
from orders.models import Document, Order, OrderEvent, Passenger

_SHOWN = timedelta(milliseconds=1)


def orders_of(actor: Actor, *, status: str | None = None) -> QuerySet[Order]:
    """The orders that the actor may see: their own; only those of a status when one is given."""
    mine = Order.objects.filter(owner_id=actor.id)
    return mine.filter(status=status) if status else mine


def with_parts(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The same orders with everything that their representation needs, in a fixed number of queries."""
    return orders.prefetch_related("passengers", "items", "documents")


def open_personal_data(orders: Iterable[Order]) -> None:
    """Fetch the data keys of everybody in these orders with one query."""
    prefetch({subject for order in orders for subject in (order.owner_id, *(p.pk for p in order.passengers.all()))})


def order_for(actor: Actor, order_id: str) -> Order:
    """The actor's order with its parts; raises OrderNotFound, also for somebody else's."""
    order = with_parts(orders_of(actor)).filter(pk=order_id).first()
    if order is None:
        raise OrderNotFound
    open_personal_data([order])
    return order


def document_for(actor: Actor, document_id: str) -> Document:
    """The actor's document; raises DocumentNotFound, also for somebody else's."""
    document = Document.objects.filter(pk=document_id, order__in=orders_of(actor)).first()
    if document is None:
        raise DocumentNotFound
    return document


def events_of(order: Order) -> QuerySet[OrderEvent]:
    """Every move of the order, oldest first."""
    return order.events.order_by("sequence")


def last_event_at(order: Order, instant: datetime) -> OrderEvent:
    """The move that the order had last made at an instant; raises OrderNotFound for one before it began.

    Instants are shown in whole milliseconds, so one that was shown stands for its whole millisecond.
    """
    event = order.events.filter(at__lt=instant + _SHOWN).order_by("-sequence").first()
    if event is None:
        raise OrderNotFound("The order did not exist at that instant.")
    return event


def orders_with(person: str) -> QuerySet[Order]:
    """The orders of an owner (a usr_ id), or the one in which somebody travels (a pax_ id)."""
    return Order.objects.filter(Q(owner_id=person) | Q(pk__in=Passenger.objects.filter(pk=person).values("order_id")))


def travellers_of(person: str) -> list[str]:
    """The passenger itself, or all passengers of an owner's orders, by id."""
    found = Passenger.objects.filter(Q(pk=person) | Q(order__owner_id=person)).order_by("pk")
    return list(found.values_list("pk", flat=True))


def erasure_objections(person: str) -> list[tuple[str, str]]:
    """Why orders keep the person from being erased, and which: documents are owed, a flight is ahead, seats are held.

    A FULFILLED order is flown when its last arrival is past.
    """
    ahead = Q(status=OrderStatus.PAID) | Q(status=OrderStatus.FULFILLED, arrives_at__gt=DbNow())
    held = Q(status__in=(OrderStatus.PROPOSED, OrderStatus.PAYMENT_PENDING))
    orders = orders_with(person).order_by("pk")
    return [
        *(("order_not_flown", pk) for pk in orders.filter(ahead).values_list("pk", flat=True)),
        *(("payment_open", pk) for pk in orders.filter(held).values_list("pk", flat=True)),
    ]
