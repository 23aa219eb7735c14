"""A decided offer in words, as the customer saw it: flights, prices, conditions, and why it stood where it did."""

from typing import Any

from altis.shared.money import Money
from offers.documents import Conditions, OfferDocument, OfferItem, Segment


def in_words(offer: OfferDocument) -> dict[str, Any]:
    """What the template of its page takes."""
    return {
        "segments": [_segment(segment) for segment in offer.segments],
        "items": [_item(item, offer.currency) for item in offer.items],
        "total": str(offer.total),
        "conditions": _conditions(offer.conditions, offer.currency),
        "rank": offer.rank,
        "score": offer.score,
        "ranking": [(_words(feature), contribution) for feature, contribution in offer.rank_explanation],
    }


def _segment(segment: Segment) -> dict[str, str]:
    return {
        "flight": f"{segment.carrier} {segment.flight_number}",
        "route": f"{segment.origin} – {segment.destination}",
        "departs": segment.departing_at_local[:16].replace("T", " "),
        "arrives": segment.arriving_at_local[:16].replace("T", " "),
        "cabin": _words(segment.cabin),
    }


def _item(item: OfferItem, currency: str) -> dict[str, Any]:
    each = Money(item.unit_minor, currency)
    return {
        "name": f"{item.quantity} × {item.name}",
        "lines": [(_words(label), str(Money(minor, currency))) for label, minor in item.explanation],
        "together": f"{item.quantity} × {each}" if item.quantity > 1 else "Together",
        "total": str(Money(item.total_minor, currency)),
    }


def _conditions(conditions: Conditions, currency: str) -> str:
    penalty, fee = Money(conditions.refund_penalty_minor, currency), Money(conditions.change_penalty_minor, currency)
    refund = f"Refundable, less {penalty}." if conditions.refundable else "Not refundable."
    change = f"Changeable for {fee}." if conditions.changeable else "Not changeable."
    return f"{refund} {change}"


def _words(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
