"""Issuing what the customer has paid for: a barcode per passenger and four legs, a voucher per other product."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast

import structlog
from django.conf import settings

from altis.privacy.keyring import ring
from altis.shared.actors import Cause, system
from altis.shared.ids import new_id
from altis.store.database import DbNow, ask_clock, command, db_clock
from altis.store.reading import find
from altis.store.rows import insert
from altis.store.transition import move, move_along, move_many
from catalog.models import ProductType
from catalog.services.holds import sell_units
from orders.barcodes import FlightLeg, boarding_payloads
from orders.barcodes.issue import PassengerType
from orders.lifecycle import ItemStatus, OrderStatus
from orders.models import Document, DocumentType, Order, OrderItem, Passenger
from orders.rebooking import segments_of
from orders.services.parts import Parts
from orders.services.settle import with_fact
from orders.vouchers import Voucher, sign_voucher

log = structlog.get_logger(__name__)
_CAUSE = system("fulfilment", "documents_issued")
_PAUSE = timedelta(seconds=30)


def fulfil_order(order_id: str) -> Order:
    """Issue the documents of a PAID order whose time has come, and move it to FULFILLED; leave any other as it is."""
    with command():
        asked, clock, parts = find(Order, "WHERE id = $1 FOR NO KEY UPDATE", order_id), ask_clock(), Parts(order_id)
        order = asked.one()
        order.seen_at = clock()
        fulfil_locked(order, parts)
    return order


def fulfil_locked(order: Order, parts: Parts) -> None:
    """The same for an order that the caller has locked and `seen_at`, in the caller's transaction.

    `parts` were asked for behind the lock.
    """
    now = order.seen_at or db_clock()
    if order.status != OrderStatus.PAID or (order.fulfil_at is not None and order.fulfil_at > now):
        return
    documents = draw_up(order, parts, now)
    order.keep(passengers=parts.passengers, items=parts.items, documents=documents)  # for the history row of the move
    move(order, OrderStatus.FULFILLED, cause=_CAUSE)
    insert(documents)


def sell_and_issue(order: Order, *, payment: dict[str, Any], cause: Cause, parts: Parts) -> None:
    """PAYMENT_PENDING to PAID and on to FULFILLED on a locked order, in the caller's transaction.

    All that `mark_paid` and `fulfil_locked` do, with fewer statements; what fails here fails before anything is sold.
    """
    now = order.seen_at or db_clock()
    move_many(parts.items_that_are(ItemStatus.HELD), ItemStatus.CONFIRMED, cause=cause)
    documents = draw_up(order, parts, now)
    order.keep(passengers=parts.passengers, items=parts.items, documents=documents)  # for the history row of the move
    facts = with_fact(order.payments, payment)
    move_along(order, (OrderStatus.PAID, cause), (OrderStatus.FULFILLED, _CAUSE), payments=facts, fulfil_at=now)
    insert(documents)
    sell_units([order.pk], cause=cause, held=parts.held)


def draw_up(order: Order, parts: Parts, now: datetime, *, first: int = 0) -> list[Document]:
    """Everything that is owed, not written yet, at positions from `first` on."""
    documents = [*_boarding_documents(order, parts, now.date()), *_vouchers(order, parts)]
    for position, document in enumerate(documents, first):
        document.position, document.created_at = position, now
    return documents


def issue_documents(order_id: str) -> Order:
    """The same for a caller that goes on whatever happens: a failure is logged, and tried again after a pause."""
    try:
        return fulfil_order(order_id)
    except Exception:
        log.exception("documents not issued", order_id=order_id)
        Order.objects.filter(pk=order_id, status=OrderStatus.PAID).update(fulfil_at=DbNow() + _PAUSE)
        return Order.objects.get(pk=order_id)


def fulfil_paid(*, limit: int = 100) -> int:
    """Issue what is still owed, for orders whose issuing failed right after the payment; returns how many worked."""
    due = Order.objects.filter(status=OrderStatus.PAID, fulfil_at__lte=DbNow()).order_by("fulfil_at")
    orders = [issue_documents(order_id) for order_id in due.values_list("pk", flat=True)[:limit]]
    return sum(order.status == OrderStatus.FULFILLED for order in orders)


def _boarding_documents(order: Order, parts: Parts, today: date) -> Iterator[Document]:
    owed = parts.items_that_are(ItemStatus.CONFIRMED)
    seats = {(item.passenger_id, item.segment): item.seat for item in owed if item.seat}
    segments = segments_of(order.slices)
    for passenger in parts.passengers:
        legs = [_leg(segment, seats.get((passenger.pk, index), "")) for index, segment in enumerate(segments)]
        payloads = boarding_payloads(
            family_name=passenger.family_name,
            given_name=passenger.given_name,
            passenger_type=cast("PassengerType", passenger.type),
            reference=order.reference,
            legs=legs,
            issued_on=today,
            issuer=settings.ALTIS_CARRIER,
        )
        for payload in payloads:
            yield _document(order, passenger, DocumentType.BOARDING, payload)


def _vouchers(order: Order, parts: Parts) -> Iterator[Document]:
    by_id = {passenger.pk: passenger for passenger in parts.passengers}
    keys = tuple(ring("ALTIS_VOUCHER_KEYS").items())
    for item in parts.items_that_are(ItemStatus.CONFIRMED):
        if item.type == ProductType.FLIGHT:
            continue
        holder = parts.passengers[0] if item.passenger_id is None else by_id[item.passenger_id]
        document = _document(order, holder, DocumentType.VOUCHER, "", item)
        voucher = Voucher(
            document_id=document.pk,
            product_code=parts.codes[item.product_id],
            order_reference=order.reference,
            item_id=item.pk,
        )
        document.payload = sign_voucher(voucher, ring=keys)
        yield document


def _document(
    order: Order, passenger: Passenger, type: DocumentType, payload: str, item: OrderItem | None = None
) -> Document:
    return Document(
        id=new_id("doc"),
        order=order,
        type=type,
        passenger=passenger if item is None or item.passenger_id else None,
        item=item,
        subject=passenger.pk,
        payload=payload,
    )


def _leg(segment: dict[str, str], seat: str) -> FlightLeg:
    return FlightLeg(
        carrier=segment["carrier"],
        flight_number=segment["flight_number"],
        origin=segment["origin"],
        destination=segment["destination"],
        departs_on=date.fromisoformat(segment["departing_at_local"][:10]),
        cabin=segment["cabin"],
        seat=seat,
    )
