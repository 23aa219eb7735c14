"""The same searches from PostgreSQL and the gate, and from memory: one answer, and nobody is asked for it."""

import random
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from redis.connection import AbstractConnection

from altis.shared.errors import Invalid
from catalog.models import Airport, Flight, Inventory
from offers.services.search import make_search, search_offers
from offers.trip import Passenger, SearchRequest, SliceRequest
from tests.catalog.index.memory import forget, remember, timeless
from tests.clients import ApiClient
from tests.factories import make_airport, make_flight, make_product, make_schedule
from tests.offers.market import ZONES, fly, soon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundles")]
ADULT = Passenger("adult")


def _network(dice: random.Random) -> None:
    """Two days of flights between three airports: some closed, some full, some with two cabins or without a fare."""
    make_product("flight", price="0.00", attributes={"cabin": "business"}, applies_to="flight")
    for number in range(24):
        way = dice.choice([("LHR", "JFK"), ("JFK", "LHR"), ("LHR", "DUB"), ("DUB", "JFK")])
        at, minutes = time(dice.randrange(24), dice.randrange(60)), dice.randrange(60, 700)
        flight = fly(str(300 + number), way=way, day=soon(dice.choice([10, 10, 11])), at=at, minutes=minutes, seats=100)
        flight.inventory.filter(product=None).update(sold=dice.randrange(101), version=2)
        flight.inventory.exclude(product=None).update(sold=dice.randrange(41), version=2)
        Flight.objects.filter(pk=flight.pk).update(sales_open=dice.random() < 0.9)
        if dice.random() < 0.2:
            flight.schedule.fares.update(**{dice.choice(["currency", "cabin"]): "EUR"})
    both = make_schedule(seats={"business": 8, "economy": 100}, fares={"business": "801.15", "economy": "99.99"})
    make_flight(both, departing_at=Flight.objects.order_by("pk").first().departing_at + timedelta(hours=2))  # type: ignore[union-attr]  # there are flights


def _request(dice: random.Random) -> SearchRequest:
    there = SliceRequest("LHR", "JFK", soon(10))
    back = SliceRequest("JFK", "LHR", soon(dice.choice([10, 11])))
    adults = dice.randrange(1, 4)
    travellers = [ADULT] * adults + [Passenger("child", 7)] * dice.randrange(3)
    travellers += [Passenger("infant")] * dice.randrange(adults + 1)
    slices = dice.choice([(there,), (there,), (there, back), (SliceRequest("DUB", "LHR", soon(10)),)])
    cabin = dice.choice(["economy", "economy", "economy", "business", "first"])
    return SearchRequest(slices, tuple(travellers), cabin, dice.randrange(3, 6))


@pytest.mark.parametrize("seed", range(4))
def test_memory_gives_the_answer_of_the_stores(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    _network(dice)
    asked = [_request(dice) for _ in range(12)]

    forget(monkeypatch)
    from_stores = [timeless(make_search(request=request).reply) for request in asked]
    remember(monkeypatch)
    from_memory = [timeless(make_search(request=request).reply) for request in asked]

    assert from_memory == from_stores
    assert any(b'"reason":null' in reply for reply in from_memory)


def test_a_flight_about_to_leave_is_sold_by_neither(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    flight = fly(day=soon(0), at=time(23, 59))
    asked = SearchRequest((SliceRequest("LHR", "JFK", flight.departure_date),), (ADULT,))
    catalogue = remember(monkeypatch)
    settings.ALTIS_SALES_CUTOFF_SECONDS = 0
    sold = make_search(request=asked).reason

    settings.ALTIS_SALES_CUTOFF_SECONDS = 48 * 3600

    assert (sold, make_search(request=asked).reason) == (None, "no_flights")
    assert catalogue.flights == 1


def test_a_search_from_memory_asks_postgresql_nothing_and_redis_once(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[[int], Any]
) -> None:
    fly()
    asked = SearchRequest((SliceRequest("LHR", "JFK", soon()),), (ADULT,))
    remember(monkeypatch)
    search_offers(request=asked)  # connects
    written: list[bool] = []
    send = AbstractConnection.send_packed_command

    def counted(*args: Any, **more: Any) -> Any:
        written.append(True)
        return send(*args, **more)  # type: ignore[no-untyped-call]  # redis-py's own

    monkeypatch.setattr(AbstractConnection, "send_packed_command", counted)

    with django_assert_num_queries(0):
        for adults in (1, 2):
            search_offers(request=SearchRequest(asked.slices, (ADULT,) * adults))

    assert len(written) == 2


def test_rules_are_the_same_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    fly()
    asked = SearchRequest((SliceRequest("LHR", "QQQ", soon(-3)),), (Passenger("infant"), Passenger("adult", 7)))
    remember(monkeypatch)

    with pytest.raises(Invalid) as refusal:
        make_search(request=asked)

    assert [fault.code for fault in refusal.value.faults] == ["unknown_airport", "departure_in_past", "invalid_age"]


def test_an_offer_from_memory_is_read_and_taken_like_any_other(
    guest: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fly(sold=50)
    remember(monkeypatch)
    body = {
        "slices": [{"origin": "LHR", "destination": "JFK", "departure_date": soon().isoformat()}],
        "passengers": [{"type": "adult"}, {"type": "child", "age": 7}],
    }

    [*offers] = guest.post("/v1/offers/search", body).json()["offers"]

    assert len(offers) == 3
    for offer in offers:
        assert guest.get(f"/v1/offers/{offer['id']}").json() == offer


def test_lists_of_flights_are_the_same_in_memory(guest: ApiClient, monkeypatch: pytest.MonkeyPatch) -> None:
    _network(random.Random(1))
    Inventory.objects.filter(pk=Inventory.objects.filter(product=None).latest("pk").pk).update(sold=0, capacity=0)
    day = soon().isoformat()

    def listed(way: str, after: str | None = "") -> list[bytes]:
        origin, destination = way.split("-")
        query = f"origin={origin}&destination={destination}&departure_date={day}&limit=2&after={after}"
        page = guest.get(f"/v1/flights?{query}")
        following = page.json().get("next")
        return [page.content, *(listed(way, following) if following else [])]

    ways = ["LHR-JFK", "JFK-LHR", "LHR-DUB", "DUB-JFK", "JFK-DUB"]
    from_stores = [listed(way) for way in ways]
    remember(monkeypatch)

    assert [listed(way) for way in ways] == from_stores
    assert max(map(len, from_stores)) > 1
    assert guest.get(f"/v1/flights?origin=QQQ&destination=LHR&departure_date={day}").status_code == 422
    assert guest.get(f"/v1/flights?origin=JFK&destination=LHR&departure_date={day}&after=x").status_code == 422


def test_airports_without_flights_are_known_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    fly()
    make_airport("SIN")
    remember(monkeypatch)

    asked = SearchRequest((SliceRequest("LHR", "SIN", soon()),), (ADULT,))

    assert Airport.objects.count() == len({"LHR", "JFK", "SIN"})
    assert make_search(request=asked).reason == "no_flights"
    assert ZONES["SIN"] == "Asia/Singapore"
