"""What an order's page shows, section by section. Names are masked; barcodes, which contain them, are not drawn."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString

from altis.privacy.masking import masked
from altis.shared.clock import iso
from altis.shared.money import Money, total
from altis.store.admin.readonly import coloured_label, instant, link_to, unbroken
from orders.admin.changes import changes, stood_at, timeline, value
from orders.admin.parts import ITEM_COLOURS, ORDER_COLOURS, local, numbered, words
from orders.history import Standing
from orders.lifecycle import ItemStatus
from orders.models import Document, Order, OrderEvent, OrderItem, Passenger
from orders.rebooking import segments_of

_PEOPLE = ("user", "staff", "guest")


def sections(order: Order, request: HttpRequest) -> dict[str, Any]:
    """All sections but the money's, which is put on from above. The order's parts are read once, and kept on it."""
    items = list(order.items.select_related("flight", "passenger").order_by("position"))
    documents = list(order.documents.select_related("passenger", "item").defer("payload").order_by("position"))
    events = list(order.events.order_by("sequence"))
    links = request.user.has_perm("accounts.view_user")
    return {
        "summary": _summary(order, links=links),
        "segments": [_segment(part) for part in segments_of(order.slices)],
        "timeline": [_entry(happened.event, happened.changes, links=links) for happened in timeline(events)],
        "stood": as_it_stood(events, request.GET),
        "price": explained(order, items),
        "travellers": [_traveller(person, items) for person in order.part("passengers")],
        "documents": [_document(document) for document in documents],
    }


def as_it_stood(events: list[OrderEvent], asked: Any) -> dict[str, Any]:
    """The order at the moment `at` (now), and what is different since the moment `since` (its beginning)."""
    first, last = events[0].at, events[-1].at
    at, since = _moment(asked.get("at"), last), _moment(asked.get("since"), first)
    after, before = stood_at(events, at), stood_at(events, since)
    return {
        "at": _for_input(at),
        "since": _for_input(since),
        "first": _for_input(first),
        "after": _standing(after) if after else None,
        "before": before,
        "changes": changes(before, after) if after else [],
        "turned": after is not None and before is not None and before.sequence > after.sequence,
    }


def explained(order: Order, items: list[OrderItem]) -> dict[str, Any]:
    """Each item with what its price is made of, and whether all of it adds up to the order's total.

    An item that was exchanged counts no more: what took its place has its price.
    """
    counted = [item for item in items if item.status != ItemStatus.EXCHANGED]
    sums = total((item.total for item in counted), order.currency)
    rows = [_price(item) for item in items]
    return {"rows": rows, "sum": str(sums), "adds_up": sums == order.total and all(row["adds_up"] for row in rows)}


def _summary(order: Order, *, links: bool) -> list[tuple[str, Any]]:
    waits = order.status == "PROPOSED"
    return [
        ("Status", coloured_label(order.status, ORDER_COLOURS)),
        ("Total", str(order.total)),
        ("Bundle", order.bundle_name),
        ("Placed", instant(order.created_at)),
        ("Pay until", instant(order.expires_at) if waits else "–"),
        ("Last arrival", instant(order.arrives_at)),
        ("Contact", f"{masked(order, 'contact_email')}, {masked(order, 'contact_phone', head=0, tail=2)}"),
        ("Owner", link_to("accounts_user", order.owner_id) if links else order.owner_id),
        ("Offer", link_to("offers_offer", order.offer_id)),
        ("Id", order.pk),
    ]


def _segment(part: dict[str, Any]) -> dict[str, str]:
    return {
        "flight": f"{part['carrier']} {part['flight_number']}",
        "route": f"{part['origin']} – {part['destination']}",
        "departs": local(part["departing_at_local"]),
        "arrives": local(part["arriving_at_local"]),
        "cabin": words(part["cabin"]),
    }


def _entry(event: OrderEvent, told: list[Any], *, links: bool) -> dict[str, Any]:
    kind, _, who = event.actor.partition(":")
    shown: SafeString | str = words(who) if kind not in _PEOPLE else link_to("accounts_user", who) if links else who
    return {
        "event": event,
        "title": words(event.change or event.to_status),
        "label": coloured_label(event.to_status, ORDER_COLOURS),
        "when": f"{event.at:%Y-%m-%d %H:%M:%S}",
        "iso": iso(event.at),
        "moment": _for_input(event.at),
        "before": _for_input(event.at - timedelta(milliseconds=1)),
        "actor": shown,
        "actor_kind": words(kind),
        "cause": words(event.reason),
        "code": event.reason,
        "changes": told,
    }


def _standing(stood: Standing) -> dict[str, Any]:
    return {
        "sequence": stood.sequence,
        "status": coloured_label(stood.status, ORDER_COLOURS),
        "total": value("total", stood.total),
        "deadline": value("expires_at", stood.expires_at),
        "items": [
            {
                "name": f"{item['quantity']} × {item['name']}",
                "total": value("total", item["total"]),
                "state": coloured_label(item["status"], ITEM_COLOURS),
            }
            for item in stood.items
        ],
        "payments": [value("payments", told) for told in stood.payments],
        "refunds": [value("refunds", told) for told in stood.refunds],
        "documents": len(stood.documents),
        "unknown": sorted(words(name).lower() for name in stood.unknown),
    }


def _price(item: OrderItem) -> dict[str, Any]:
    amounts = [Decimal(line["amount"]) for line in item.price_explanation]
    flight = item.flight
    return {
        "what": f"{item.quantity} × {item.name}",
        "quantity": item.quantity,
        "whose": numbered(item.passenger)
        if item.passenger
        else words(item.passenger_type)
        if item.passenger_type
        else "",
        "flight": link_to("catalog_flight", flight.pk, f"{flight.carrier} {flight.flight_number}") if flight else "",
        "seat": item.seat,
        "lines": [
            (line["label"].capitalize(), str(Money.of(line["amount"], item.currency)))
            for line in item.price_explanation
        ],
        "each": str(item.unit),
        "total": str(item.total),
        "state": coloured_label(item.status, ITEM_COLOURS),
        "counts": item.status != ItemStatus.EXCHANGED,
        "adds_up": not amounts or sum(amounts) == item.unit.amount,
    }


def _traveller(person: Passenger, items: list[OrderItem]) -> dict[str, Any]:
    theirs = [item for item in items if item.passenger_id == person.pk and item.status != ItemStatus.EXCHANGED]
    return {
        "who": numbered(person),
        "name": f"{masked(person, 'given_name')} {masked(person, 'family_name')}",
        "extras": ", ".join(f"{item.name}{f' {item.seat}' if item.seat else ''}" for item in theirs) or "–",
        "id": person.pk,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "kind": document.get_type_display(),
        "whose": numbered(document.passenger) if document.passenger else "–",
        "item": document.item.name if document.item else "–",
        "when": unbroken(instant(document.created_at)),
        "state": coloured_label("VOID" if document.voided_at else "VALID", {"VOID": "danger", "VALID": "success"}),
        "id": document.pk,
    }


def _moment(text: Any, otherwise: datetime) -> datetime:
    try:
        found = parse_datetime(str(text or ""))
    except ValueError:  # the 30th of February
        found = None
    if found is None:
        return otherwise
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return otherwise


def _for_input(moment: datetime) -> str:
    """What `<input type="datetime-local">` takes, to the millisecond."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
