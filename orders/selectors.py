"""Reading orders. The owner's id stands in every statement that a caller's id reaches.

An order and its parts come in one round trip, by statements that are prepared once: Django's compiler would take most
of a request's time for them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final, TypeVar

from django.db.models import Q, QuerySet

from altis.privacy.keys import prefetch
from altis.shared.actors import Actor
from altis.store.database import DbNow
from altis.store.pipeline import put, together
from altis.store.reading import Found, find
from orders.errors import DocumentNotFound, DocumentVoided, OrderNotFound
from orders.lifecycle import OrderStatus
from orders.models import Document, Order, OrderEvent, OrderItem, Passenger

_Part = TypeVar("_Part", Passenger, OrderItem, Document)
_SHOWN = timedelta(milliseconds=1)


# What belongs to somebody else's order is not even read, so it takes no longer than what there is not.
_MINE: Final = "WHERE id = $1 AND owner_id = $2"
_IS_MINE: Final = f"SELECT FROM orders_order {_MINE}".encode()
_OF_MINE: Final = f"WHERE order_id = (SELECT id FROM orders_order {_MINE})"
_PARTS_OF_MINE: Final = f"{_OF_MINE} ORDER BY position"
_MOVES_OF_MINE: Final = f"{_OF_MINE} ORDER BY sequence"
_MOVES_OF_MINE_UNTIL: Final = f"{_OF_MINE} AND at < $3 ORDER BY sequence"
_IN_MINE: Final = "WHERE id = $1 AND EXISTS (SELECT FROM orders_order AS o WHERE o.id = order_id AND owner_id = $2)"
_NEWEST: Final = "WHERE owner_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
_NEWEST_OF: Final = "WHERE owner_id = $1 AND id < $2 AND status = $4 ORDER BY id DESC LIMIT $3"
_PARTS_OF_MANY: Final = "WHERE order_id = ANY($1) ORDER BY order_id, position"
_BEHIND_ALL_IDS: Final = "~"


def newest_orders(actor: Actor, *, status: str | None, before: str | None, most: int) -> list[Order]:
    """The actor's orders without their parts, newest first: of a status, and older than an order, when given."""
    place = (actor.id, before or _BEHIND_ALL_IDS, most)
    return (find(Order, _NEWEST_OF, *place, status) if status else find(Order, _NEWEST, *place)).all()


def load_parts(orders: Sequence[Order]) -> None:
    """Passengers, items, documents and the data keys of everybody in them, in two round trips for all orders."""
    if not orders:
        return
    ids = [order.pk for order in orders]
    with together():
        passengers, items = find(Passenger, _PARTS_OF_MANY, ids), find(OrderItem, _PARTS_OF_MANY, ids)
        documents = find(Document, _PARTS_OF_MANY, ids)
    _keep(orders, passengers, items, documents)


def order_for(actor: Actor, order_id: str) -> Order:
    """The actor's order with its parts; raises OrderNotFound, also for somebody else's."""
    with together():
        found = _asked_for(actor, order_id)
    return found()


def order_at(actor: Actor, order_id: str, instant: datetime) -> tuple[Order, list[OrderEvent]]:
    """The actor's order with its parts, and its history up to an instant.

    Instants are shown in whole milliseconds, so one that was shown stands for its whole millisecond. Raises
    OrderNotFound, also for somebody else's order and for an instant before it began.
    """
    with together():
        found = _asked_for(actor, order_id)
        moves = find(OrderEvent, _MOVES_OF_MINE_UNTIL, order_id, actor.id, instant + _SHOWN)
    order, history = found(), moves.all()
    if not history:
        raise OrderNotFound("The order did not exist at that instant.")
    return order, history


def require_own(actor: Actor, order_id: str) -> None:
    """Pass when the actor may see the order; raises OrderNotFound, also for somebody else's."""
    if not put(_IS_MINE, order_id, actor.id).count():
        raise OrderNotFound


def documents_of(actor: Actor, order_id: str) -> list[Document]:
    """The valid documents of the actor's order; raises OrderNotFound, also for somebody else's."""
    with together():
        found = put(_IS_MINE, order_id, actor.id)
        documents = find(Document, _PARTS_OF_MINE, order_id, actor.id)
    if not found.count():
        raise OrderNotFound
    shown = [document for document in documents.all() if document.voided_at is None]
    prefetch({document.subject for document in shown})
    return shown


def document_for(actor: Actor, document_id: str) -> Document:
    """The actor's document; raises DocumentVoided, or DocumentNotFound: also for somebody else's or an erased person's.

    For some seconds a process may still believe the token of an account that another one has erased.
    """
    document = find(Document, _IN_MINE, document_id, actor.id).first()
    if document is None or not document.payload:
        raise DocumentNotFound
    if document.voided_at is not None:
        raise DocumentVoided
    return document


def history_for(actor: Actor, order_id: str) -> list[OrderEvent]:
    """Every move of the actor's order, oldest first; raises OrderNotFound, also for somebody else's."""
    events = find(OrderEvent, _MOVES_OF_MINE, order_id, actor.id).all()
    if not events:  # the first was written with the order
        raise OrderNotFound
    return events


def events_of(order: Order) -> list[OrderEvent]:
    """Every move of the order, oldest first."""
    return find(OrderEvent, "WHERE order_id = $1 ORDER BY sequence", order.pk).all()


def _asked_for(actor: Actor, order_id: str) -> Callable[[], Order]:
    """Queue the reads of an order and its parts; returns what makes the order of them."""
    mine = (order_id, actor.id)
    found = find(Order, _MINE, *mine)
    passengers, items = find(Passenger, _PARTS_OF_MINE, *mine), find(OrderItem, _PARTS_OF_MINE, *mine)
    documents = find(Document, _PARTS_OF_MINE, *mine)

    def made() -> Order:
        order = found.first()
        if order is None:
            raise OrderNotFound
        _keep([order], passengers, items, documents)
        return order

    return made


def _keep(
    orders: Sequence[Order], passengers: Found[Passenger], items: Found[OrderItem], documents: Found[Document]
) -> None:
    """Put the parts where the related managers look for them, and open what is sealed in them with one query."""
    travelling = _by_order(passengers.all())
    sold, issued = _by_order(items.all()), _by_order(documents.all())
    for order in orders:
        order.keep(
            passengers=travelling.get(order.pk, []),
            items=sold.get(order.pk, []),
            documents=issued.get(order.pk, []),
        )
    people = (passenger.pk for group in travelling.values() for passenger in group)
    prefetch({*(order.owner_id for order in orders), *people})


def _by_order(parts: Sequence[_Part]) -> dict[str, list[_Part]]:
    return {order_id: list(group) for order_id, group in groupby(parts, key=attrgetter("order_id"))}


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
