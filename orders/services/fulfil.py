"""Issuing what the customer has paid for: a barcode per passenger and four legs, a voucher per other product."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import structlog
from django.conf import settings

from altis.privacy.keyring import ring
from altis.privacy.keys import ask_among
from altis.shared.actors import system
from altis.shared.ids import new_id
from altis.store.database import DbNow, ask_clock, command
from altis.store.pipeline import put
from altis.store.reading import find
from altis.store.rows import insert
from altis.store.transition import move
from catalog.models import ProductType
from orders.barcodes import FlightLeg, boarding_payloads
from orders.barcodes.issue import PassengerType
from orders.lifecycle import ItemStatus, OrderStatus
from orders.models import Document, DocumentType, Order, OrderItem, Passenger
from orders.vouchers import Voucher, sign_voucher

log = structlog.get_logger(__name__)
_CAUSE = system("fulfilment", "documents_issued")
_PAUSE = timedelta(seconds=30)
_CODES = b"""
SELECT id, code FROM catalog_product WHERE id IN (SELECT product_id FROM orders_orderitem WHERE order_id = $1)
"""
_SUBJECTS = (
    "SELECT owner_id FROM orders_order WHERE id = $1 UNION ALL SELECT id FROM orders_passenger WHERE order_id = $1"
)


def fulfil_order(order_id: str) -> Order:
    """Issue the documents of a PAID order whose time has come, and move it to FULFILLED; leave any other as it is."""
    with command():
        asked, clock, parts = find(Order, "WHERE id = $1 FOR NO KEY UPDATE", order_id), ask_clock(), _ask(order_id)
        order, now = asked.one(), clock()
        if order.status == OrderStatus.PAID and (order.fulfil_at is None or order.fulfil_at <= now):
            issuing = parts(order)
            documents = [*_boarding_documents(issuing, now.date()), *_vouchers(issuing)]
            for position, document in enumerate(documents):
                document.position, document.created_at = position, now
            insert(documents)
            move(order, OrderStatus.FULFILLED, cause=_CAUSE)
            order.keep(passengers=issuing.passengers, items=issuing.items, documents=documents)
    return order


@dataclass(frozen=True, slots=True)
class _Issuing:
    """An order, its parts by position, and the codes of its products."""

    order: Order
    passengers: list[Passenger]
    items: list[OrderItem]
    codes: Mapping[str, str]

    @property
    def owed(self) -> list[OrderItem]:
        """What was paid for and not given up."""
        return [item for item in self.items if item.status == ItemStatus.CONFIRMED]


def _ask(order_id: str) -> Callable[[Order], _Issuing]:
    """Queue the reading of all that the documents are made of, the travellers' data keys included."""
    passengers = find(Passenger, "WHERE order_id = $1 ORDER BY position", order_id)
    items = find(OrderItem, "WHERE order_id = $1 ORDER BY position", order_id)
    codes = put(_CODES, order_id)
    ask_among(_SUBJECTS, order_id)
    return lambda order: _Issuing(order, passengers.all(), items.all(), dict(cast("Any", codes.rows())))


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


def _boarding_documents(issuing: _Issuing, today: date) -> Iterator[Document]:
    order = issuing.order
    seats = {(item.passenger_id, item.segment): item.seat for item in issuing.owed if item.seat}
    segments = [segment for part in order.slices for segment in part["segments"]]
    for passenger in issuing.passengers:
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


def _vouchers(issuing: _Issuing) -> Iterator[Document]:
    by_id = {passenger.pk: passenger for passenger in issuing.passengers}
    keys = tuple(ring("ALTIS_VOUCHER_KEYS").items())
    for item in issuing.owed:
        if item.type == ProductType.FLIGHT:
            continue
        holder = issuing.passengers[0] if item.passenger_id is None else by_id[item.passenger_id]
        document = _document(issuing.order, holder, DocumentType.VOUCHER, "", item)
        voucher = Voucher(
            document_id=document.pk,
            product_code=issuing.codes[item.product_id],
            order_reference=issuing.order.reference,
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
