"""Extras chosen at accept: which products they are, what they cost, and what they need."""

from collections.abc import Sequence
from decimal import Decimal

from altis.store.making import make
from catalog.models import Product, ProductType
from catalog.pricing import Price, extra_price
from catalog.selectors import ExtrasOnSale, extras_on_sale
from offers.documents import OfferDocument, Segment
from orders.errors import NotAnExtra, UnknownProduct, UnknownSeat
from orders.models import OrderItem
from orders.placing import Extra

_ALL = Decimal(100)


def extra_items(document: OfferDocument, extras: Sequence[Extra], *, first_position: int) -> list[OrderItem]:
    """Unsaved items for the extras, priced now.

    Raises UnknownProduct, NotAnExtra or UnknownSeat with a pointer to the entry.
    """
    segments = document.segments
    on_sale = extras_on_sale([extra.product_id for extra in extras], [segment.flight_id for segment in segments])
    seated: set[tuple[int | None, int | None]] = set()
    items = []
    for index, extra in enumerate(extras):
        pointer = f"/items/{index}"
        product = on_sale.products.get(extra.product_id)
        if product is None or not product.active or product.currency != document.currency:
            raise UnknownProduct.at(f"{pointer}/product_id")
        segment = _segment_of(extra, product, document, segments, pointer)
        if segment is not None and extra.seat:
            _check_seat(extra, product, document, segment, on_sale=on_sale, pointer=pointer)
        if extra.seat and (extra.passenger, extra.segment) in seated:
            raise NotAnExtra.at(f"{pointer}/seat", "This passenger has a seat on this segment already.")
        if extra.seat:
            seated.add((extra.passenger, extra.segment))
        item = _item(product, extra, segment, document)
        item.position = first_position + index
        if product.capacity_controlled:
            item.inventory_id = None if segment is None else on_sale.inventory.get((segment.flight_id, product.pk))
            item.units = extra.quantity
            if item.inventory_id is None:
                raise NotAnExtra.at(pointer, "This flight does not offer it.")
        items.append(item)
    return items


def _segment_of(
    extra: Extra, product: Product, document: OfferDocument, segments: Sequence[Segment], pointer: str
) -> Segment | None:
    """The segment that the extra is used on, once everything the entry says has been found to fit.

    None for what is used on no one flight, such as a bag: a segment named there tells the slice, and is kept.
    """
    if product.type == ProductType.FLIGHT:
        raise NotAnExtra.at(f"{pointer}/product_id", "A flight is bought with its offer.")
    if extra.passenger is not None and extra.passenger >= len(document.passengers):
        raise NotAnExtra.at(f"{pointer}/passenger", "The offer has no such passenger.")
    if extra.segment is not None and extra.segment >= len(segments):
        raise NotAnExtra.at(f"{pointer}/segment", "The offer has no such segment.")
    if product.applies_to != "segment":
        if extra.seat:
            raise NotAnExtra.at(f"{pointer}/seat", "This product is no seat.")
        return None
    if extra.segment is None:
        raise NotAnExtra.at(f"{pointer}/segment", "Name the segment of the offer that this is for.")
    return segments[extra.segment]


def _check_seat(
    extra: Extra, product: Product, document: OfferDocument, segment: Segment, *, on_sale: ExtrasOnSale, pointer: str
) -> None:
    if product.type != ProductType.SEAT or extra.quantity != 1 or extra.passenger is None:
        raise NotAnExtra.at(pointer, "A named seat is one seat product for one passenger.")
    if document.passengers[extra.passenger].type == "infant":
        raise NotAnExtra.at(f"{pointer}/passenger", "An infant travels on a lap.")
    if not on_sale.has_seat(segment.flight_id, segment.cabin, extra.seat):
        raise UnknownSeat.at(f"{pointer}/seat")


def _item(product: Product, extra: Extra, segment: Segment | None, document: OfferDocument) -> OrderItem:
    price = _price(product, extra, document)
    return make(
        OrderItem,
        product_id=product.pk,
        type=product.type,
        name=product.name,
        quantity=extra.quantity,
        unit_minor=price.unit.minor,
        total_minor=price.unit.minor * extra.quantity,
        currency=document.currency,
        price_explanation=[{"label": c.label, "amount": f"{c.amount.amount:f}"} for c in price.components],
        segment=extra.segment,
        flight_id=segment.flight_id if segment else None,
        cabin=segment.cabin if segment else "",
        passenger_type="" if extra.passenger is None else document.passengers[extra.passenger].type,
        seat=extra.seat,
        offered=False,
    )


def _price(product: Product, extra: Extra, document: OfferDocument) -> Price:
    """The product's price; nothing for naming a seat that the bundle includes for every traveller on that segment."""
    included = any((item.product_id, item.segment) == (product.pk, extra.segment) for item in document.items)
    if extra.seat and included:
        return extra_price(product.base_price, discount_percent=_ALL, bundle_name=document.bundle_name)
    return extra_price(product.base_price)
