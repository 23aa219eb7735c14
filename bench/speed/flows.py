"""What one connection does for one unit of work: a request by itself, or several that follow from their replies."""

from collections.abc import Callable, Generator, Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import orjson

from bench.speed import wire

Flow = Generator[bytes, tuple[int, bytes], None]
_HOST = "127.0.0.1"
_BEHIND_HEAD = b"\r\n\r\n"
_AGES = {"adult": 38, "child": 7, "infant": 1}


def replay(requests: Iterator[bytes]) -> Flow:
    """The next request, and whatever comes back."""
    request = next(requests, None)
    if request is not None:
        yield request


def journey(requests: Iterator[bytes]) -> Flow:
    """The next search, the accept of its first offer, and its payment; raises LookupError when one is refused."""
    search = next(requests, None)
    if search is None:
        return
    headers = headers_of(search)
    found = _body((yield search), 200)
    offer = found["offers"][0]
    accepted = _body((yield accept_request(offer["id"], headers, types=types_of(offer))), 201)
    _body((yield pay_request(accepted["id"], headers)), 200)


FLOWS: Final[dict[str, Callable[[Iterator[bytes]], Flow]]] = {"": replay, "journey": journey}
_NAMES = ("ADA", "BEN", "CLEO", "DAN", "EVE", "FINN", "GRETA", "HUGO", "IDA")


def accept_request(offer_id: str, headers: dict[str, str], *, types: list[str], key: str = "") -> bytes:
    """An accept with an Idempotency-Key of its own (`key`, else one made from the offer)."""
    people = [
        {"given_name": name, "family_name": "EXAMPLE", "born_on": _born(type)}
        for name, type in zip(_NAMES, types, strict=False)
    ]
    body = {"passengers": people, "contact": {"email": "speed@example.com", "phone": "+442071838750"}}
    headers = {**headers, "Idempotency-Key": key or f"speed-{offer_id}"}
    return wire.request("POST", f"/v1/offers/{offer_id}/accept", host=_HOST, headers=headers, body=body)


def pay_request(order_id: str, headers: dict[str, str]) -> bytes:
    """A payment that the gateway captures at once."""
    body = {"payment_method": {"token": "tok_visa"}}
    headers = {**headers, "Idempotency-Key": f"speed-pay-{order_id}"}
    return wire.request("POST", f"/v1/orders/{order_id}/pay", host=_HOST, headers=headers, body=body)


def types_of(offer: dict[str, Any]) -> list[str]:
    """The types of an offer's passengers, in order."""
    return [passenger["type"] for passenger in offer["passengers"]]


def _born(type: str) -> str:
    return date(datetime.now(UTC).year - _AGES[type], 1, 1).isoformat()


def _body(reply: tuple[int, bytes], status: int) -> Any:
    if reply[0] != status:
        raise LookupError(reply[0])
    return orjson.loads(reply[1])


def headers_of(request: bytes) -> dict[str, str]:
    """Who asks: the headers of a request that the next ones repeat."""
    lines = request.partition(_BEHIND_HEAD)[0].decode().split("\r\n")[1:]
    found = dict(line.split(": ", 1) for line in lines)
    return {name: found[name] for name in ("Authorization", "X-Forwarded-For", "X-Forwarded-Proto") if name in found}
