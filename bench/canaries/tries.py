"""Every text field of every operation, to be tried with card numbers: none may be taken."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from bench.canaries.client import Json

_ID = "0" * 26
_OFFER, _ORDER = f"/v1/offers/off_{_ID}", f"/v1/orders/ord_{_ID}"
_TRAVELLER: Json = {"given_name": "ADA", "family_name": "EXAMPLE", "born_on": "1990-12-10"}
_CONTACT: Json = {"email": "ada@example.com", "phone": "+442079460018"}
_EXTRA: Json = {"product_id": f"prd_{_ID}", "passenger": 0, "segment": 0, "quantity": 1, "seat": "12A"}
_SLICE: Json = {"origin": "LHR", "destination": "JFK", "departure_date": "2030-01-01"}

# Each operation that takes a body, with everything that it takes.
BODIES: Final[dict[str, Json]] = {
    "/v1/auth/guest": {},
    "/v1/auth/register": {"email": "ada@example.com", "password": "correct horse battery"},
    "/v1/auth/token": {"email": "ada@example.com", "password": "correct horse battery"},
    "/v1/auth/token/refresh": {"refresh": "a.b.c"},
    "/v1/auth/verify": {"token": "a.b.c"},
    "/v1/auth/verify/resend": {},
    "/v1/auth/password": {"current_password": "correct horse battery", "new_password": "another horse battery"},
    "/v1/auth/password/reset": {"email": "ada@example.com"},
    "/v1/auth/password/reset/confirm": {"token": "a.b.c", "new_password": "another horse battery"},
    "/v1/offers/search": {
        "slices": [_SLICE], "passengers": [{"type": "adult", "age": 30}], "cabin": "economy", "max_offers": 5
    },
    f"{_OFFER}/reject": {},
    f"{_OFFER}/accept": {"passengers": [_TRAVELLER], "contact": _CONTACT, "items": [_EXTRA]},
    f"{_ORDER}/cancel": {},
    f"{_ORDER}/pay": {"payment_method": {"token": "tok_visa"}},
}  # fmt: skip
LISTS: Final = ("/v1/flights", "/v1/products", "/v1/orders", f"{_ORDER}", f"{_ORDER}/history", "/v1/auth/me")
SECRETS: Final = ("cvv", "CVC", "card_cvv", "securityCode", "card-number", "PAN", "cvv2")


@dataclass(frozen=True, slots=True)
class Try:
    """One request that must be refused with this status and, under /v1, this code."""

    method: str
    path: str
    body: Json | None = None
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    status: int = 422
    code: str = "card_number_refused"


def tries_with(card: str, written: str) -> Iterator[Try]:
    """All requests for one number, as such and as it is `written`."""
    for path, body in BODIES.items():
        for place in (*_places(body), ("note",)):
            yield Try("POST", path, _with(body, place, written))
        yield Try("POST", path, {**body, written: "x"})
        yield Try("POST", path, {**body, "note": int(card)})
        yield Try("POST", path, {**body, "notes": [{"deep": [written]}]})
    for name in SECRETS:
        yield Try("POST", f"{_ORDER}/pay", {"payment_method": {"token": "tok_visa", name: "123"}})
    yield Try("POST", f"{_ORDER}/pay", {"payment_method": {"token": "tok_visa", "number": "1"}})
    for path in LISTS:
        yield Try("GET", path, query=(("after", written),))
        yield Try("GET", path, query=((written, "1"),))
    yield from _in_headers(card)


def _in_headers(card: str) -> Iterator[Try]:
    malformed, key = "malformed_request", "invalid_idempotency_key"
    yield Try("GET", "/v1/products", headers=(("X-Request-ID", card),), status=400, code=malformed)
    for path in (f"{_OFFER}/reject", f"{_OFFER}/accept", f"{_ORDER}/cancel", f"{_ORDER}/pay"):
        yield Try("POST", path, BODIES[path], headers=(("Idempotency-Key", card),), status=400, code=key)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each text."""
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*path, name))
    elif isinstance(value, str):
        yield path


def _with(body: Json, place: tuple[Any, ...], text: str) -> Json:
    changed = deepcopy(body)
    inner: Any = changed
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = text
    return changed
