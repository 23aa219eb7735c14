"""How an offer looks to a client. Pure."""

from typing import Any

from altis.shared.clock import iso
from altis.shared.money import decimals
from offers.documents import OfferDocument, OfferItem, Segment


def present(document: OfferDocument, status: str) -> dict[str, Any]:
    """The offer in the shape of the REST contract, as JSON values."""
    currency = document.currency
    return {
        "id": document.id,
        "status": status,
        "rank": document.rank,
        "score": document.score,
        "bundle": document.bundle,
        "bundle_name": document.bundle_name,
        "created_at": iso(document.created_at),
        "expires_at": iso(document.expires_at),
        "slices": slices(document),
        "passengers": [
            {"type": passenger.type} | ({} if passenger.age is None else {"age": passenger.age})
            for passenger in document.passengers
        ],
        "items": [_item(item, currency) for item in document.items],
        "total": money(document.total_minor, currency),
        "conditions": conditions(document),
        "rank_explanation": [
            {"feature": feature, "contribution": contribution} for feature, contribution in document.rank_explanation
        ],
    }


def slices(document: OfferDocument) -> list[dict[str, Any]]:
    """The trip, in the same shape."""
    return [
        {
            "origin": slice.origin,
            "destination": slice.destination,
            "segments": [segment_json(segment) for segment in slice.segments],
        }
        for slice in document.slices
    ]


def conditions(document: OfferDocument) -> dict[str, Any]:
    """What may be changed or given back, and for how much, in the same shape."""
    found, currency = document.conditions, document.currency
    return {
        "refundable": found.refundable,
        "refund_penalty": money(found.refund_penalty_minor, currency),
        "changeable": found.changeable,
        "change_penalty": money(found.change_penalty_minor, currency),
    }


def money(minor: int, currency: str) -> dict[str, str]:
    """`Money.as_json` without a Decimal on the way: a search writes some two hundred amounts."""
    return {"amount": amount(minor, currency), "currency": currency}


def amount(minor: int, currency: str) -> str:
    """Minor units as a decimal string with the currency's own number of decimals: `-0.05`."""
    places = decimals(currency)
    if not places:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**places)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{places}d}"


def segment_json(segment: Segment) -> dict[str, Any]:
    """One flight of a trip, in the same shape."""
    return {
        "flight_id": segment.flight_id,
        "carrier": segment.carrier,
        "flight_number": segment.flight_number,
        "origin": segment.origin,
        "destination": segment.destination,
        "departing_at": iso(segment.departing_at),
        "arriving_at": iso(segment.arriving_at),
        "departing_at_local": segment.departing_at_local,
        "arriving_at_local": segment.arriving_at_local,
        "origin_time_zone": segment.origin_time_zone,
        "destination_time_zone": segment.destination_time_zone,
        "aircraft": segment.aircraft,
        "cabin": segment.cabin,
    }


def _item(item: OfferItem, currency: str) -> dict[str, Any]:
    return {
        "product_id": item.product_id,
        "type": item.type,
        "name": item.name,
        "quantity": item.quantity,
        "unit_price": money(item.unit_minor, currency),
        "total": money(item.total_minor, currency),
        "price_explanation": [{"label": label, "amount": amount(minor, currency)} for label, minor in item.explanation],
        "slice": item.slice,
        "segment": item.segment,
        "passenger_type": item.passenger_type,
    }
