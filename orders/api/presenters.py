"""Orders in the shape of the REST contract."""

from collections.abc import Sequence
from typing import Any

from altis.shared.clock import iso
from offers.presenting import money
from orders.history import Standing, standing
from orders.lifecycle import ITEMS_OF, OrderStatus, available_actions
from orders.models import Document, Order, OrderEvent, OrderItem, Passenger

_HOLDING = (OrderStatus.PROPOSED, OrderStatus.PAYMENT_PENDING)


def present_order(order: Order) -> dict[str, Any]:
    """The order as it stands."""
    valid = (document for document in order.part("documents") if document.voided_at is None)
    documents = sorted(valid, key=lambda document: document.position)
    return {
        "id": order.pk,
        "reference": order.reference,
        "status": order.status,
        "offer_id": order.offer_id,
        "bundle": order.bundle,
        "bundle_name": order.bundle_name,
        "created_at": iso(order.created_at),
        "expires_at": iso(order.expires_at) if order.status in _HOLDING else None,
        "total": money(order.total_minor, order.currency),
        "passengers": [_passenger(passenger) for passenger in order.part("passengers")],
        "contact": {"email": order.contact_email, "phone": order.contact_phone},
        "slices": order.slices,
        "items": [_item(item) for item in order.part("items")],
        "conditions": order.conditions,
        "documents": [present_document(document) for document in documents],
        "payments": order.payments,
        "refunds": order.refunds,
        "available_actions": available_actions(order.status),
        "version": order.version,
    }


def present_order_at(order: Order, events: Sequence[OrderEvent]) -> dict[str, Any]:
    """The order as it stood after the last of its events up to an instant, until the next one."""
    now, event, then = present_order(order), events[-1], standing(events)
    status = OrderStatus(event.to_status)
    return {
        **now,
        "status": status,
        "expires_at": _deadline(order, then) if status in _HOLDING else None,
        "slices": now["slices"] if "slices" in then.unknown else list(then.slices),
        "items": _items_then(order, then),
        "documents": _documents_then(order, then),
        "payments": list(then.payments),
        "refunds": list(then.refunds),
        "available_actions": available_actions(status),
        "version": event.sequence,
    }


def _deadline(order: Order, then: Standing) -> str:
    return then.expires_at or iso(order.expires_at)


def _items_then(order: Order, then: Standing) -> list[dict[str, Any]]:
    items = [_item(item) for item in order.part("items")]
    if "items" in then.unknown:
        return [{**item, "status": ITEMS_OF[OrderStatus(then.status)]} for item in items]
    statuses = {item["id"]: item["status"] for item in then.items}
    return [{**item, "status": statuses[item["id"]]} for item in items if item["id"] in statuses]


def _documents_then(order: Order, then: Standing) -> list[dict[str, Any]]:
    if then.status not in (OrderStatus.FULFILLED, OrderStatus.ARCHIVED):
        return []
    valid = {document["id"] for document in then.documents}
    known = "documents" not in then.unknown
    shown = [each for each in order.part("documents") if (each.pk in valid if known else each.voided_at is None)]
    return [present_document(document) for document in sorted(shown, key=lambda document: document.position)]


def present_event(event: OrderEvent) -> dict[str, Any]:
    """One move of an order."""
    return {
        "id": event.pk,
        "sequence": event.sequence,
        "from": event.from_status,
        "to": event.to_status,
        "at": iso(event.at),
        "actor": event.actor,
        "reason": event.reason,
        "change": event.change or None,
    }


def present_document(document: Document) -> dict[str, Any]:
    """A document with what its barcode says; the images have URLs of their own."""
    return {
        "id": document.pk,
        "passenger_id": document.passenger_id,
        "item_id": document.item_id,
        "type": document.type,
        "barcode": {"format": "aztec", "payload": document.payload},
        "created_at": iso(document.created_at),
    }


def _passenger(passenger: Passenger) -> dict[str, Any]:
    return {
        "id": passenger.pk,
        "type": passenger.type,
        "given_name": passenger.given_name,
        "family_name": passenger.family_name,
        "born_on": passenger.born_on,
    }


def _item(item: OrderItem) -> dict[str, Any]:
    return {
        "id": item.pk,
        "product_id": item.product_id,
        "type": item.type,
        "name": item.name,
        "status": item.status,
        "quantity": item.quantity,
        "unit_price": money(item.unit_minor, item.currency),
        "total": money(item.total_minor, item.currency),
        "price_explanation": item.price_explanation,
        "segment": item.segment,
        "flight_id": item.flight_id,
        "passenger_id": item.passenger_id,
        "passenger_type": item.passenger_type or None,
        "seat": item.seat or None,
    }
