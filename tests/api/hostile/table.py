"""The whole table: each operation of the URL conf times the catalogue, and what was written by hand."""

from collections.abc import Iterator
from itertools import chain

from tests.api.hostile import bodies, pointers, requests, urls, values
from tests.api.hostile.attack import Attack
from tests.api.matrix import operations

# What a harmless request is answered with when its ids are nobody's and its caller is a user without orders
HARMLESS = {
    "GET /v1/auth/me": 200,
    "GET /v1/docs": 200,
    "GET /v1/docs/page.css": 200,
    "GET /v1/docs/start.js": 200,
    "GET /v1/documents/{document_id}/barcode.png": 404,
    "GET /v1/documents/{document_id}/barcode.svg": 404,
    "GET /v1/offers/{offer_id}": 404,
    "GET /v1/openapi.json": 200,
    "GET /v1/orders": 200,
    "GET /v1/orders/{order_id}": 404,
    "GET /v1/orders/{order_id}/documents": 404,
    "GET /v1/orders/{order_id}/history": 404,
    "GET /v1/products": 200,
    "POST /v1/auth/guest": 201,
    "POST /v1/offers/{offer_id}/accept": 404,
    "POST /v1/offers/{offer_id}/reject": 404,
    "POST /v1/orders/{order_id}/cancel": 404,
    "POST /v1/orders/{order_id}/pay": 404,
}


def refused() -> list[Attack]:
    """Everything that is refused."""
    known = operations()
    generated = (module.attacks(known) for module in (bodies, pointers, requests, urls))
    return list(chain(*generated, values.attacks()))


def powerless() -> Iterator[Attack]:
    """Everything that looks like an attack and changes nothing."""
    return requests.powerless(HARMLESS)
