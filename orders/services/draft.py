"""An order before it is written: the rows that an offer, its travellers and its extras turn into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from altis.shared.actors import Actor
from altis.store.making import make
from catalog.services.holds import Need
from offers.documents import OfferDocument, OfferItem, Segment
from offers.presenting import amount, conditions, money, slices
from orders.models import Order, OrderItem, Passenger
from orders.placing import Contact, Extra, Traveller


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved rows that belong together."""

    order: Order
    passengers: list[Passenger]
    items: list[OrderItem]

    def units(self) -> dict[int, int]:
        """Units needed of each inventory id."""
        needed: dict[int, int] = {}
        for need in self.needs():
            needed[need.inventory_id] = needed.get(need.inventory_id, 0) + need.quantity
        return needed

    def needs(self) -> list[Need]:
        """What each item needs of the inventory ledger."""
        return [
            Need(item.inventory_id, item.id, item.units)
            for item in self.items
            if item.inventory_id is not None and item.units
        ]


def draft_order(
    document: OfferDocument,
    *,
    travellers: Sequence[Traveller],
    contact: Contact,
    extras: Sequence[Extra],
    extra_items: Sequence[OrderItem],
    owner: Actor,
    client: str,
) -> Draft:
    """The rows of a new order; nothing is written, and no deadline is set yet."""
    order = make(
        Order,
        offer_id=document.id,
        owner_id=owner.id,
        client=client,
        currency=document.currency,
        bundle=document.bundle,
        bundle_name=document.bundle_name,
        slices=slices(document),
        conditions=conditions(document),
        contact_email=contact.email,
        contact_phone=contact.phone,
        arrives_at=document.segments[-1].arriving_at,
    )
    passengers = [
        make(
            Passenger,
            order_id=order.id,
            position=position,
            type=document.passengers[position].type,
            given_name=traveller.given_name,
            family_name=traveller.family_name,
            born_on=traveller.born_on.isoformat(),
        )
        for position, traveller in enumerate(travellers)
    ]
    items = [_item(item, position, document) for position, item in enumerate(document.items)]
    for extra, item in zip(extras, extra_items, strict=True):
        item.passenger_id = None if extra.passenger is None else passengers[extra.passenger].id
    items += extra_items
    for item in items:
        item.order_id = order.id
    order.total_minor = sum(item.total_minor for item in items)
    order.lines = [line_of(item) for item in items]
    order.keep(passengers=passengers, items=items, documents=[])
    return Draft(order, passengers, items)


def hold_until(document: OfferDocument, now: datetime) -> datetime:
    """End of the hold: 30 minutes from now, or the first flight's sales cut-off when that comes earlier."""
    cutoff = document.segments[0].departing_at - timedelta(seconds=settings.ALTIS_SALES_CUTOFF_SECONDS)
    return min(now + timedelta(seconds=settings.ALTIS_ORDER_HOLD_SECONDS), cutoff)


def _item(item: OfferItem, position: int, document: OfferDocument) -> OrderItem:
    segment: Segment | None = None if item.segment is None else document.segments[item.segment]
    return make(
        OrderItem,
        position=position,
        product_id=item.product_id,
        type=item.type,
        name=item.name,
        quantity=item.quantity,
        unit_minor=item.unit_minor,
        total_minor=item.total_minor,
        currency=document.currency,
        price_explanation=[
            {"label": label, "amount": amount(minor, document.currency)} for label, minor in item.explanation
        ],
        segment=item.segment,
        flight_id=segment.flight_id if segment else None,
        cabin=segment.cabin if segment else "",
        passenger_type=item.passenger_type or "",
        inventory_id=item.inventory_id,
        units=item.units,
    )


def line_of(item: OrderItem) -> dict[str, object]:
    """What the events of an order tell of an item."""
    return {
        "item_id": item.id,
        "product_id": item.product_id,
        "type": item.type,
        "flight_id": item.flight_id,
        "cabin": item.cabin,
        "quantity": item.quantity,
        "units": item.units,
        "total": money(item.total_minor, item.currency),
    }
