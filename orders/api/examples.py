"""Examples for the OpenAPI document."""

from typing import Any

ACCEPT: dict[str, Any] = {
    "passengers": [{"given_name": "TEST", "family_name": "PASSENGER", "born_on": "1990-12-10"}],
    "contact": {"email": "passenger@example.com", "phone": "+442079460018"},
}
_FLIGHT = {
    "flight_id": "flt_01kdbzv9s0h8m2c7q4x5t6w3ye",
    "carrier": "AL",
    "flight_number": "100",
    "origin": "LHR",
    "destination": "JFK",
    "departing_at": "2026-12-01T09:30:00.000Z",
    "arriving_at": "2026-12-01T17:25:00.000Z",
    "departing_at_local": "2026-12-01T09:30:00",
    "arriving_at_local": "2026-12-01T12:25:00",
    "origin_time_zone": "Europe/London",
    "destination_time_zone": "America/New_York",
    "aircraft": "Airbus A321LR",
    "cabin": "economy",
}
ORDER: dict[str, Any] = {
    "id": "ord_01kdbzw3m4f9r8t7y6e5c4x3v2",
    "reference": "K7QW2M",
    "status": "PROPOSED",
    "offer_id": "off_01kdbzvxh2a1c3e5g7j9m1p3r1",
    "bundle": "flight_only",
    "bundle_name": "Flight Only",
    "created_at": "2026-11-22T12:00:00.000Z",
    "expires_at": "2026-11-22T12:30:00.000Z",
    "total": {"amount": "200.00", "currency": "USD"},
    "passengers": [
        {
            "id": "pax_01kdbzw3m4h1j2k3m4n5p6q7r8",
            "type": "adult",
            "given_name": "TEST",
            "family_name": "PASSENGER",
            "born_on": "1990-12-10",
        }
    ],
    "contact": {"email": "passenger@example.com", "phone": "+442079460018"},
    "slices": [{"origin": "LHR", "destination": "JFK", "segments": [_FLIGHT]}],
    "items": [
        {
            "id": "itm_01kdbzw3m4s1t2v3w4x5y6z7a8",
            "product_id": "prd_01kdbz0000f1g2h3j4k5m6n7p8",
            "type": "flight",
            "name": "Economy flight",
            "status": "HELD",
            "quantity": 1,
            "unit_price": {"amount": "200.00", "currency": "USD"},
            "total": {"amount": "200.00", "currency": "USD"},
            "price_explanation": [
                {"label": "base fare", "amount": "200.00"},
                {"label": "demand x1.0000", "amount": "0.00"},
            ],
            "segment": 0,
            "flight_id": "flt_01kdbzv9s0h8m2c7q4x5t6w3ye",
            "passenger_id": None,
            "passenger_type": "adult",
            "seat": None,
        }
    ],
    "conditions": {
        "refundable": False,
        "refund_penalty": {"amount": "0.00", "currency": "USD"},
        "changeable": True,
        "change_penalty": {"amount": "100.00", "currency": "USD"},
    },
    "documents": [],
    "payments": [],
    "refunds": [],
    "available_actions": ["pay", "cancel"],
    "version": 1,
}
EVENT: dict[str, Any] = {
    "id": "evt_01kdbzw3m4b1c2d3e4f5g6h7j8",
    "sequence": 1,
    "from": None,
    "to": "PROPOSED",
    "at": "2026-11-22T12:00:00.000Z",
    "actor": "user:usr_01kdbzt9s0k1m2n3p4q5r6s7t8",
    "reason": "offer_accepted",
    "change": None,
}
DOCUMENT: dict[str, Any] = {
    "id": "doc_01kdbzxq5cn1p2q3r4s5t6v7w8",
    "passenger_id": "pax_01kdbzw3m4h1j2k3m4n5p6q7r8",
    "item_id": None,
    "type": "boarding_document",
    "barcode": {
        "format": "aztec",
        "payload": "M1PASSENGER/TEST      EK7QW2M LHRJFKAL 0100 335Y         011>60B0  6326IAL 00",
    },
    "created_at": "2026-11-22T12:01:00.000Z",
}
PAID: dict[str, Any] = {
    **ORDER,
    "status": "FULFILLED",
    "expires_at": None,
    "items": [{**ORDER["items"][0], "status": "CONFIRMED"}],
    "documents": [DOCUMENT],
    "payments": [
        {
            "id": "pay_01kdbzxp0aw1x2y3z4a5b6c7d8",
            "status": "SUCCEEDED",
            "amount": {"amount": "200.00", "currency": "USD"},
            "created_at": "2026-11-22T12:01:00.000Z",
        }
    ],
    "available_actions": [],
    "version": 4,
}
PENDING: dict[str, Any] = {
    **ORDER,
    "status": "PAYMENT_PENDING",
    "payments": [{**PAID["payments"][0], "status": "UNKNOWN"}],
    "available_actions": [],
    "version": 2,
}
