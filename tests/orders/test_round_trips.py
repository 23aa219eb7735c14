"""What accepting costs on the wire: the same few round trips however many travel, connect and choose extras."""

from typing import Any

import pytest

from catalog.models import Flight, Product
from orders.models import Order
from tests.clients import CONTACT, PASSENGER, ApiClient
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import offer_for
from tests.wire import Wire, listening

pytestmark = pytest.mark.django_db(transaction=True)
# The rate limit and the offer, the gates, and after the commit the gates again.
REDIS = 3
# All that can refuse, answered at once; then all that is written, with the COMMIT.
POSTGRES = 2
# BEGIN and time-outs; key, owner (one of whose accepts goes on at a time), open holds, offer, clock.
JUDGED = 7
# One INSERT into eight tables; locks, ledger with journal and events, the stored answer, COMMIT.
WRITTEN = 5
# Products, limited places and seat rows, before the gate: read together.
EXTRAS = 3
THERE_AND_BACK = (("LHR", "JFK"), ("JFK", "LHR"))


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any, flight: Flight) -> None:
    settings.ALTIS_OPEN_HOLDS = "customer=99,ip=99"
    settings.ALTIS_RATE_LIMITS = "default=9999/60:9999"


@pytest.fixture
def warm(owner: ApiClient) -> ApiClient:
    """Whose key is known, on a gate that is filled, over a connection that has prepared its statements."""
    accept(owner, offer_for(bundle="premium").id, key="warm")
    return owner


def accept(owner: ApiClient, offer_id: str, *, key: str, travellers: int = 1, **body: Any) -> tuple[Wire, Any]:
    """The reply, and what it took."""
    people = {"passengers": [PASSENGER] * travellers, "contact": CONTACT}
    with listening() as wire:
        reply = owner.post(f"/v1/offers/{offer_id}/accept", {**people, **body}, Idempotency_Key=key)
    return wire, reply


def test_an_accept_is_two_round_trips_to_postgresql_and_three_to_redis(warm: ApiClient) -> None:
    offer = offer_for("adult", "adult", bundle="premium")

    wire, reply = accept(warm, offer.id, key="k", travellers=2)

    assert reply.status_code == 201
    assert (wire.round_trips, wire.redis_trips) == (POSTGRES, REDIS)
    assert len(wire.statements) == JUDGED + WRITTEN
    assert contradictions() == {}


def test_more_travellers_and_more_flights_cost_no_more(warm: ApiClient) -> None:
    market.fly("200", way=("JFK", "LHR"), day=market.soon(17))
    offer = offer_for(*["adult"] * 9, ways=THERE_AND_BACK, bundle="premium")
    accept(warm, offer_for(ways=THERE_AND_BACK, bundle="premium").id, key="fill the other gates")

    wire, reply = accept(warm, offer.id, key="k", travellers=9)

    assert len(reply.json()["passengers"]) == 9
    assert (wire.round_trips, wire.redis_trips) == (POSTGRES, REDIS)
    assert len(wire.statements) == JUDGED + WRITTEN


def test_extras_are_read_in_one_round_trip_however_many(warm: ApiClient) -> None:
    offer = offer_for(*["adult"] * 9)
    seat, bag = (Product.objects.get(type=type).pk for type in ("seat", "bag"))
    seats = [{"product_id": seat, "passenger": n, "segment": 0, "seat": f"{10 + n}A"} for n in range(9)]
    bags = [{"product_id": bag, "passenger": n} for n in range(9)]

    wire, reply = accept(warm, offer.id, key="k", travellers=9, items=seats + bags)

    assert Order.objects.get(pk=reply.json()["id"]).items.filter(offered=False).count() == 18
    assert (wire.round_trips, wire.redis_trips) == (POSTGRES + 1, REDIS)
    one_inventory_needs_no_locks_before_it = 1
    assert len(wire.statements) == EXTRAS + JUDGED + WRITTEN - one_inventory_needs_no_locks_before_it


def test_a_replay_is_told_after_one_look_and_a_refusal_at_the_gate_opens_no_transaction(warm: ApiClient) -> None:
    offer = offer_for()
    accept(warm, offer.id, key="k")

    wire, reply = accept(warm, offer.id, key="k")

    assert (reply.status_code, reply["Idempotent-Replay"]) == (201, "true")
    assert wire.round_trips <= 5
