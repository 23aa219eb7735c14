"""One harmless request for every operation: what hostile ones are made of, and what a good token gets through."""

from collections.abc import Mapping
from typing import Any

from tests.clients import CONTACT, PASSENGER
from tests.offers import market

# Well formed, and nobody's
PATHS = {
    "order_id": "ord_01jd5y8t3m4n6p7q9r0s2v4w6x",
    "document_id": "doc_01jd5y8t3m4n6p7q9r0s2v4w6x",
    "offer_id": "off_01jd5y8t3m4n6p7q9r0s2v4w6x",
    "gateway": "simulator",
}
_PASSWORD, _NEW, _NO_TOKEN = "correct horse battery", "another battery staple", "e30.e30.e30"
_CREDENTIALS = {"email": "owner@example.com", "password": _PASSWORD}


def query_of(name: str) -> str:
    """The query string of an operation that cannot do without."""
    if name == "GET /v1/flights":
        return f"?origin=LHR&destination=JFK&departure_date={market.soon().isoformat()}"
    return ""


def body_of(name: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """The body of a POST; empty where nothing is asked. `ids` may hold `refresh`, `verify` and `reset` tokens."""
    bodies: dict[str, dict[str, Any]] = {
        "POST /v1/auth/password": {"current_password": _PASSWORD, "new_password": _NEW},
        "POST /v1/auth/password/reset": {"email": "owner@example.com"},
        "POST /v1/auth/password/reset/confirm": {"token": ids.get("reset", _NO_TOKEN), "new_password": _NEW},
        "POST /v1/auth/verify": {"token": ids.get("verify", _NO_TOKEN)},
        "POST /v1/auth/register": {**_CREDENTIALS, "email": "new@example.com"},
        "POST /v1/auth/token": _CREDENTIALS,
        "POST /v1/auth/token/refresh": {"refresh": ids.get("refresh", _NO_TOKEN)},
        "POST /v1/offers/search": {
            "slices": [{"origin": "LHR", "destination": "JFK", "departure_date": market.soon().isoformat()}],
            "passengers": [{"type": "adult", "age": 36}],
            "cabin": "economy",
            "max_offers": 5,
        },
        "POST /v1/offers/{offer_id}/accept": {"passengers": [PASSENGER], "contact": CONTACT},
        "POST /v1/orders/{order_id}/pay": {"payment_method": {"token": "tok_visa"}},
        "POST /v1/webhooks/payments/{gateway}": {"id": "evt_1", "type": "payment.noted", "data": {}},
    }
    return bodies.get(name, {})
