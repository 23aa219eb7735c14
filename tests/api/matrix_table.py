"""What each operation answers to each class of token. A new operation has no row here, and the suite says so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Statuses: with a token that is none of ours, of a guest, of the owner, and of any other user."""

    refused: int
    guest: int
    owner: int
    other: int


def _open(status: int) -> Row:
    """No token is looked at."""
    return Row(status, status, status, status)


def _any(status: int) -> Row:
    """Guests and users alike."""
    return Row(401, status, status, status)


def _users(status: int) -> Row:
    """Users, each in their own name."""
    return Row(401, 403, status, status)


def _owner(status: int) -> Row:
    """The owner; for others there is nothing."""
    return Row(401, 403, status, 404)


TABLE = {
    "GET /v1/docs": _open(200),
    "GET /v1/docs/page.css": _open(200),
    "GET /v1/docs/start.js": _open(200),
    "GET /v1/openapi.json": _open(200),
    "POST /v1/auth/guest": _open(201),
    "POST /v1/auth/register": _open(201),
    "POST /v1/auth/token": _open(200),
    "POST /v1/auth/token/refresh": _open(200),
    "POST /v1/auth/verify": _open(200),
    "POST /v1/auth/password/reset": _open(202),
    "POST /v1/auth/password/reset/confirm": _open(200),
    "POST /v1/webhooks/payments/{gateway}": _open(200),
    "GET /v1/flights": _any(200),
    "GET /v1/products": _any(200),
    "GET /v1/offers/{offer_id}": _any(200),
    "POST /v1/offers/search": _any(200),
    "POST /v1/offers/{offer_id}/reject": _any(200),
    # Whoever knows the id of an offer may take it: it cannot be guessed.
    "POST /v1/offers/{offer_id}/accept": _users(201),
    "GET /v1/auth/me": _users(200),
    "POST /v1/auth/verify/resend": _users(202),
    "POST /v1/auth/password": _users(200),
    "GET /v1/orders": _users(200),
    "GET /v1/orders/{order_id}": _owner(200),
    "GET /v1/orders/{order_id}/documents": _owner(200),
    "GET /v1/orders/{order_id}/history": _owner(200),
    "GET /v1/documents/{document_id}/barcode.png": _owner(200),
    "GET /v1/documents/{document_id}/barcode.svg": _owner(200),
    "POST /v1/orders/{order_id}/cancel": _owner(200),
    "POST /v1/orders/{order_id}/pay": _owner(200),
}
