"""Trips for the tests of orders: search for one, place it, pay for it, and prove that a refusal changed nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, cast

from django.db import transaction

from altis.privacy.models import SubjectKey
from altis.shared.actors import Actor, system
from altis.shared.clock import now
from altis.store.claims import NO_CLAIM, Claim
from altis.store.models import IdempotencyKey, OutboxEvent
from altis.store.redis import client as redis_client
from altis.store.transition import move
from catalog.models import Hold, Inventory, JournalEntry, SeatAssignment
from offers.documents import OfferDocument
from offers.models import Offer
from offers.services.search import search_offers
from offers.trip import Passenger as Searched
from offers.trip import SearchRequest, SliceRequest
from orders.models import Document, Order, OrderEvent, OrderItem, Passenger
from orders.placing import Contact, Extra, Traveller
from orders.services.place import place_order
from orders.services.settle import mark_paid
from tests.offers import market

CONTACT = Contact("passenger@example.com", "+442079460018")
PAYMENT = {
    "id": "pay_1",
    "status": "SUCCEEDED",
    "amount": {"amount": "200.00", "currency": "USD"},
    "created_at": "2026-12-01T09:30:00.000Z",
}
CAUSE = system("test", "because")
_AGES = {"adult": 36, "child": 7, "infant": 1}
_TABLES = (
    Order,
    Passenger,
    OrderItem,
    OrderEvent,
    Document,
    Offer,
    OutboxEvent,
    Hold,
    JournalEntry,
    SeatAssignment,
    IdempotencyKey,
    SubjectKey,
)
Way = tuple[str, str]


def born(type: str) -> date:
    """A birth date that fits a type of passenger, on any day of travel soon."""
    return date(now().year - _AGES[type], 1, 1)


def traveller(type: str = "adult", given_name: str = "TEST", family_name: str = "PASSENGER") -> Traveller:
    """Somebody of this type."""
    return Traveller(given_name, family_name, born(type))


def offer_for(
    *types: str, bundle: str = "flight_only", ways: Sequence[Way] = (("LHR", "JFK"),), days: int = 10
) -> OfferDocument:
    """A fresh offer, as a search finds it, for passengers of these types (one adult); a week between the ways."""
    request = SearchRequest(
        slices=tuple(SliceRequest(*way, market.soon(days + 7 * number)) for number, way in enumerate(ways)),
        passengers=tuple(Searched(cast("Any", type), _AGES[type] or None) for type in types or ("adult",)),
    )
    offers = search_offers(request=request).offers
    return next(offer for offer in offers if offer.bundle == bundle)


def place(
    offer: OfferDocument,
    actor: Actor,
    *,
    extras: Sequence[Extra] = (),
    travellers: Sequence[Traveller] = (),
    claim: Claim = NO_CLAIM,
    client: str = "",
) -> Order:
    """Accept an offer, by default for travellers who fit."""
    return place_order(
        offer_id=offer.id,
        travellers=travellers or [traveller(passenger.type) for passenger in offer.passengers],
        contact=CONTACT,
        extras=extras,
        actor=actor,
        client=client,
        claim=claim,
    )


def pay_up(order: Order) -> Order:
    """PAID, as the payments app leaves it, with its documents owed."""
    with transaction.atomic():
        move(order, "PAYMENT_PENDING", cause=CAUSE)
        mark_paid(order, payment=PAYMENT, cause=CAUSE)
    return order


def soon_after(order: Order) -> float:
    """Seconds from now until just after the end of the order's hold."""
    return (order.expires_at - now() + timedelta(seconds=1)).total_seconds()


def _tokens() -> set[tuple[str, str]]:
    keys = cast("list[bytes]", list(redis_client().scan_iter("inv:*")))
    fields = [(key.decode(), name.decode()) for key in keys for name in cast("Any", redis_client().hkeys(key))]
    return {(key, name) for key, name in fields if name.startswith("t:")}


def _world() -> dict[str, Any]:
    """Everything that accepting, cancelling or expiring may write, in both stores."""
    rows = Inventory.objects.order_by("pk").values_list("pk", "capacity", "held", "sold", "version")
    return {
        **{table.__name__: table._default_manager.count() for table in _TABLES},
        "inventory": list(rows),
        "statuses": list(Order.objects.order_by("pk").values_list("pk", "status", "version")),
        "tokens": _tokens(),
    }


@contextmanager
def nothing_happens() -> Iterator[None]:
    """After what stands inside: no row more or less, no unit moved, no token in the gate."""
    before = _world()
    yield
    assert _world() == before
