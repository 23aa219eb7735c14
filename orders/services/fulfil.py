"""Issuing what the customer has paid for: a barcode per passenger and four legs, a voucher per other product."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

import structlog
from django.conf import settings

from altis.privacy.keyring import ring
from altis.shared.actors import system
from altis.shared.ids import new_id
from altis.store.database import DbNow, command, db_clock
from altis.store.transition import move
from catalog.models import Product, ProductType
from orders.barcodes import FlightLeg, boarding_payloads
from orders.barcodes.issue import PassengerType
from orders.lifecycle import ItemStatus, OrderStatus
from orders.models import Document, DocumentType, Order, OrderItem, Passenger
from orders.vouchers import Voucher, sign_voucher

log = structlog.get_logger(__name__)
_CAUSE = system("fulfilment", "documents_issued")
_PAUSE = timedelta(seconds=30)


def fulfil_order(order_id: str) -> Order:
    """Issue the documents of a PAID order whose time has come, and move it to FULFILLED; leave any other as it is."""
    with command():
        order = Order.objects.select_for_update(no_key=True).get(pk=order_id)
        if order.status == OrderStatus.PAID and _is_due(order):
            documents = [*_boarding_documents(order, db_clock().date()), *_vouchers(order)]
            for position, document in enumerate(documents):
                document.position = position
            Document.objects.bulk_create(documents)
            move(order, OrderStatus.FULFILLED, cause=_CAUSE)
    return order


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


def _is_due(order: Order) -> bool:
    return order.fulfil_at is None or order.fulfil_at <= db_clock()


def _boarding_documents(order: Order, today: date) -> Iterator[Document]:
    seats = {
        (item.passenger_id, item.segment): item.seat
        for item in order.items.filter(status=ItemStatus.CONFIRMED).exclude(seat="")
    }
    segments = [segment for part in order.slices for segment in part["segments"]]
    for passenger in order.passengers.order_by("position"):
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


def _vouchers(order: Order) -> Iterator[Document]:
    items = order.items.filter(status=ItemStatus.CONFIRMED).exclude(type=ProductType.FLIGHT).order_by("position")
    codes = dict(Product.objects.filter(pk__in=items.values("product_id")).values_list("pk", "code"))
    first = order.passengers.order_by("position")[0]
    keys = tuple(ring("ALTIS_VOUCHER_KEYS").items())
    for item in items.select_related("passenger"):
        document = _document(order, item.passenger or first, DocumentType.VOUCHER, "", item)
        document.payload = sign_voucher(
            Voucher(
                document_id=document.pk,
                product_code=codes[item.product_id],
                order_reference=order.reference,
                item_id=item.pk,
            ),
            ring=keys,
        )
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
