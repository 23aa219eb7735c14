"""What the OpenAPI document shows: one search and one of its offers."""

from typing import Any

SEARCH: dict[str, Any] = {
    "slices": [{"origin": "LHR", "destination": "JFK", "departure_date": "2026-12-01"}],
    "passengers": [{"type": "adult"}, {"type": "child", "age": 7}],
    "cabin": "economy",
    "max_offers": 5,
}


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def _flight(type: str) -> dict[str, Any]:
    return {
        "product_id": "prd_01kb9x0000000000000000econ",
        "type": "flight",
        "name": f"AL 100 LHR-JFK, economy, {type}",
        "quantity": 1,
        "unit_price": _usd("300.00"),
        "total": _usd("300.00"),
        "price_explanation": [
            {"label": "base fare", "amount": "200.00"},
            {"label": "demand x1.5000", "amount": "100.00"},
        ],
        "slice": 0,
        "segment": 0,
        "passenger_type": type,
    }


OFFER: dict[str, Any] = {
    "id": "off_01kb9xqv4r6n5e8w2m7ztd3hk1",
    "status": "ACTIVE",
    "rank": 1,
    "score": "0.6650",
    "bundle": "comfort",
    "bundle_name": "Comfort Bundle",
    "created_at": "2026-11-20T09:30:00.000Z",
    "expires_at": "2026-11-20T09:45:00.000Z",
    "slices": [
        {
            "origin": "LHR",
            "destination": "JFK",
            "segments": [
                {
                    "flight_id": "flt_01kbdjq8000000000000000100",
                    "carrier": "AL",
                    "flight_number": "100",
                    "origin": "LHR",
                    "destination": "JFK",
                    "departing_at": "2026-12-01T10:00:00.000Z",
                    "arriving_at": "2026-12-01T17:55:00.000Z",
                    "departing_at_local": "2026-12-01T10:00:00",
                    "arriving_at_local": "2026-12-01T12:55:00",
                    "origin_time_zone": "Europe/London",
                    "destination_time_zone": "America/New_York",
                    "aircraft": "Airbus A330-300",
                    "cabin": "economy",
                }
            ],
        }
    ],
    "passengers": [{"type": "adult"}, {"type": "child", "age": 7}],
    "items": [
        _flight("adult"),
        _flight("child"),
        {
            "product_id": "prd_01kb9x0000000000000000bag2",
            "type": "bag",
            "name": "Checked bag 23 kg",
            "quantity": 2,
            "unit_price": _usd("40.50"),
            "total": _usd("81.00"),
            "price_explanation": [
                {"label": "base price", "amount": "45.00"},
                {"label": "Comfort Bundle discount 10 %", "amount": "-4.50"},
            ],
            "slice": 0,
            "segment": None,
            "passenger_type": None,
        },
    ],
    "total": _usd("681.00"),
    "conditions": {
        "refundable": True,
        "refund_penalty": _usd("75.00"),
        "changeable": True,
        "change_penalty": _usd("50.00"),
    },
    "rank_explanation": [
        {"feature": "base", "contribution": "0.5000"},
        {"feature": "price vs cheapest", "contribution": "-0.1350"},
        {"feature": "duration vs shortest", "contribution": "0.0000"},
        {"feature": "stops", "contribution": "0.0000"},
        {"feature": "departure time", "contribution": "0.0300"},
        {"feature": "bundle contents", "contribution": "0.2700"},
    ],
}
RESULT: dict[str, Any] = {
    "search_id": "sch_01kb9xqv4r6n5e8w2m7ztd3hk0",
    "expires_at": "2026-11-20T09:45:00.000Z",
    "offers": [OFFER],
    "reason": None,
}
