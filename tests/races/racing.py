"""Many callers over HTTP at the same moment, each in a thread with a database connection of its own."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from offers.documents import OfferDocument
from tests.api.threads import at_once
from tests.clients import CONTACT, PASSENGER, ApiClient

THREADS = 7  # with the test's own connection that is what the pool holds
Outcome = tuple[int, str]


def accept_all(token: str, offers: Sequence[OfferDocument], *, key: str = "") -> list[Any]:
    """Accept each of the offers once, all at the same time; the replies in any order."""
    waiting = iter(offers)
    headers = {"Idempotency_Key": key} if key else {}

    def accept() -> Any:
        offer = next(waiting)
        body = {"passengers": [PASSENGER] * len(offer.passengers), "contact": CONTACT}
        return ApiClient(token).post(f"/v1/offers/{offer.id}/accept", body, **headers)

    return at_once(len(offers), accept, threads=THREADS)


def outcomes(replies: Sequence[Any]) -> Counter[Outcome]:
    """How often each status and code (or status of the order) was answered."""
    bodies = [(reply.status_code, reply.json()) for reply in replies]
    return Counter((status, body.get("code") or body["status"]) for status, body in bodies)
