"""A search as one would write it with the usual packages: cached rows, Decimal, one cache key for each offer."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from bench.yardsticks.rows import bundles_on_sale, flights_of, seats_left

_FEW = 10
_SCARCE = Decimal("1.2")
_HUNDRED = Decimal(100)
_CENT = Decimal("0.01")


def make_offers(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The best offers of every direct flight and bundle, cheapest first, each in the cache under its own key."""
    now = timezone.now()
    life = {"created_at": now, "expires_at": now + timedelta(seconds=settings.ALTIS_OFFER_TTL_SECONDS)}
    [way, *_] = asked["slices"]
    flights = flights_of(way["origin"], way["destination"], way["departure_date"], asked["cabin"])
    left = seats_left([flight["inventory_id"] for flight in flights])
    travellers = len(asked["passengers"])
    priced = [
        (flight, bundle, _items(flight, bundle, travellers, left[flight["inventory_id"]]))
        for flight in flights
        if left.get(flight["inventory_id"], 0) >= travellers
        for bundle in bundles_on_sale()
    ]
    priced.sort(key=lambda choice: _sum(choice[2]))
    offers = []
    for rank, (flight, bundle, items) in enumerate(priced[: asked["max_offers"]], 1):
        offer = _offer(flight, bundle, items, asked) | {"rank": rank} | life
        cache.set(f"offer:{offer['id']}", offer, settings.ALTIS_OFFER_TTL_SECONDS)
        offers.append(offer)
    reason = None if offers else "no_flights"
    return {"search_id": uuid.uuid4().hex, "expires_at": life["expires_at"], "offers": offers, "reason": reason}


def _items(flight: Mapping[str, Any], bundle: Mapping[str, Any], travellers: int, left: int) -> list[dict[str, Any]]:
    scarce = _SCARCE if left < _FEW else Decimal(1)
    fare = (Decimal(flight["base"]) * scarce).quantize(_CENT)
    items = [_item("flight", "flight", f"Flight {flight['flight_number']}", travellers, fare)]
    keep = 1 - Decimal(bundle["discount_percent"]) / _HUNDRED
    for part in bundle["parts"]:
        price = (Decimal(part["price"]) * keep).quantize(_CENT)
        items.append(_item(part["id"], part["type"], part["name"], part["quantity"] * travellers, price))
    return items


def _item(product_id: str, type: str, name: str, quantity: int, unit: Decimal) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "type": type,
        "name": name,
        "quantity": quantity,
        "unit_price": _money(unit),
        "total": _money(unit * quantity),
        "price_explanation": [{"label": "base", "amount": unit}],
        "slice": 0,
        "segment": 0,
        "passenger_type": None,
    }


def _offer(
    flight: Mapping[str, Any],
    bundle: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]],
    asked: Mapping[str, Any],
) -> dict[str, Any]:
    total, segment = _sum(items), flight["segment"]
    return {
        "id": uuid.uuid4().hex,
        "status": "ACTIVE",
        "score": str(-total),
        "bundle": bundle["code"],
        "bundle_name": bundle["name"],
        "slices": [{"origin": segment["origin"], "destination": segment["destination"], "segments": [segment]}],
        "passengers": asked["passengers"],
        "items": items,
        "total": _money(total),
        "conditions": {
            "refundable": bundle["refundable"],
            "refund_penalty": _money(Decimal(bundle["refund_penalty"])),
            "changeable": bundle["changeable"],
            "change_penalty": _money(Decimal(bundle["change_penalty"])),
        },
        "rank_explanation": [{"feature": "price", "contribution": str(-total)}],
    }


def _sum(items: Sequence[Mapping[str, Any]]) -> Decimal:
    return sum((item["total"]["amount"] for item in items), Decimal(0))


def _money(amount: Decimal) -> dict[str, Any]:
    return {"amount": amount, "currency": settings.ALTIS_CURRENCY}
