"""Real replies, shown in the OpenAPI document."""

from typing import Any

FLIGHTS: dict[str, Any] = {
    "data": [
        {
            "id": "flt_01m8rjey20pn6fenwjnexn6gs4",
            "carrier": "AL",
            "flight_number": "100",
            "origin": "LHR",
            "destination": "JFK",
            "departing_at": "2026-12-01T10:30:00.000Z",
            "arriving_at": "2026-12-01T18:25:00.000Z",
            "departing_at_local": "2026-12-01T10:30:00",
            "arriving_at_local": "2026-12-01T13:25:00",
            "origin_time_zone": "Europe/London",
            "destination_time_zone": "America/New_York",
            "aircraft": "Airbus A321neo",
            "cabins": [
                {
                    "cabin": "economy",
                    "capacity": 100,
                    "available": 50,
                    "price": {"amount": "300.00", "currency": "USD"},
                },
                {"cabin": "business", "capacity": 16, "available": 0, "price": None},
            ],
        }
    ],
    "next": None,
}
PRODUCTS: dict[str, Any] = {
    "data": [
        {
            "id": "prd_01kdvdna00kfcxf3nye6jwabfd",
            "type": "bag",
            "code": "BAG-23",
            "name": "Checked bag, 23 kg",
            "description": "One checked bag of up to 23 kg, all the way to the destination.",
            "base_price": {"amount": "35.00", "currency": "USD"},
        }
    ],
    "next": None,
}
