"""Flights and products over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from altis.shared.clock import iso, now
from catalog.models import Flight
from tests.clients import ApiClient, assert_problem
from tests.factories import make_airport, make_flight, make_product

pytestmark = pytest.mark.django_db


def path(flight: Flight, **more: str) -> str:
    query = {"origin": "LHR", "destination": "JFK", "departure_date": flight.departure_date.isoformat(), **more}
    return "/v1/flights?" + "&".join(f"{name}={value}" for name, value in query.items())


def listed(client: ApiClient, address: str) -> list[dict[str, Any]]:
    reply = client.get(address)
    assert reply.status_code == 200, reply.content
    data: list[dict[str, Any]] = reply.json()["data"]
    return data


def sell(flight: Flight, sold: int, held: int = 0) -> None:
    flight.inventory.update(sold=sold, held=held, version=2)


def test_a_guest_reads_flights_in_the_contracts_shape(guest: ApiClient) -> None:
    flight = make_flight(flight_number="100")

    [shown] = listed(guest, path(flight))

    day = flight.departure_date.isoformat()
    assert shown == {
        "id": flight.id,
        "carrier": "AL",
        "flight_number": "100",
        "origin": "LHR",
        "destination": "JFK",
        "departing_at": iso(flight.departing_at),
        "arriving_at": iso(flight.arriving_at),
        "departing_at_local": shown["departing_at_local"],
        "arriving_at_local": shown["arriving_at_local"],
        "origin_time_zone": "Europe/London",
        "destination_time_zone": "America/New_York",
        "aircraft": "Test aircraft",
        "cabins": [
            {"cabin": "economy", "capacity": 100, "available": 100, "price": {"amount": "200.00", "currency": "USD"}}
        ],
    }
    assert shown["departing_at_local"].startswith(day)
    assert len(shown["arriving_at_local"]) == len("2026-12-01T13:25:00")


@pytest.mark.parametrize(
    ("sold", "held", "price"), [(0, 0, "200.00"), (30, 20, "300.00"), (90, 0, "524.00"), (98, 1, "592.04")]
)
def test_the_price_follows_what_is_left(guest: ApiClient, sold: int, held: int, price: str) -> None:
    flight = make_flight()
    sell(flight, sold, held)

    [shown] = listed(guest, path(flight))

    [economy] = shown["cabins"]
    assert (economy["available"], economy["price"]["amount"]) == (100 - sold - held, price)


def test_a_sold_out_cabin_has_no_price(guest: ApiClient) -> None:
    flight = make_flight()
    sell(flight, 100)

    [shown] = listed(guest, path(flight))

    assert shown["cabins"] == [{"cabin": "economy", "capacity": 100, "available": 0, "price": None}]


def test_a_cabin_without_capacity_has_no_price(guest: ApiClient) -> None:
    flight = make_flight()
    flight.inventory.update(capacity=0, forced_over=2)

    [shown] = listed(guest, path(flight))

    assert shown["cabins"] == [{"cabin": "economy", "capacity": 0, "available": 2, "price": None}]


def test_flights_that_have_left_are_not_listed(guest: ApiClient) -> None:
    flight = make_flight(departing_at=now() - timedelta(seconds=1))

    assert listed(guest, path(flight)) == []


def test_closed_flights_are_not_listed(guest: ApiClient) -> None:
    assert listed(guest, path(make_flight(sales_open=False))) == []


def test_flights_come_in_pages(guest: ApiClient) -> None:
    first = make_flight()
    second = make_flight(departing_at=first.departing_at + timedelta(minutes=30))

    page = guest.get(path(first, limit="1")).json()
    rest = guest.get(path(first, limit="1", after=page["next"])).json()

    assert [flight["id"] for flight in page["data"]] == [first.id]
    assert ([flight["id"] for flight in rest["data"]], rest["next"]) == ([second.id], None)


@pytest.mark.parametrize("code", ["XXX", "lhr", "LONDON", "%20LHR"])
def test_an_unknown_airport_is_named(guest: ApiClient, code: str) -> None:
    flight = make_flight()

    problem = assert_problem(guest.get(path(flight, origin=code)), 422, "unknown_airport")

    assert [fault["pointer"] for fault in problem["errors"]] == ["/origin"]


def test_both_unknown_airports_are_named(guest: ApiClient) -> None:
    flight = make_flight()

    problem = assert_problem(guest.get(path(flight, origin="QQQ", destination="XXX")), 422, "unknown_airport")

    assert [fault["pointer"] for fault in problem["errors"]] == ["/origin", "/destination"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("origin=LHR&destination=JFK", "required"),
        ("origin=LHR&destination=JFK&departure_date=01.12.2026", "invalid_date"),
        ("origin=LHR&destination=JFK&departure_date=2026-02-30", "invalid_date"),
        ("origin=LHR&destination=JFK&departure_date=2026-12-01&cabin=economy", "unknown_field"),
        ("origin=LHR&destination=JFK&departure_date=2026-12-01&limit=201", "out_of_range"),
        ("origin=LHR&destination=JFK&departure_date=2026-12-01&after=garbage", "invalid_cursor"),
    ],
)
def test_a_wrong_query_is_refused(guest: ApiClient, query: str, code: str) -> None:
    make_airport("LHR"), make_airport("JFK")

    assert_problem(guest.get(f"/v1/flights?{query}"), 422, code)


def test_without_a_token_nothing_is_listed() -> None:
    for address in ("/v1/flights", "/v1/products"):
        assert_problem(ApiClient().get(address), 401, "invalid_token")


def test_products_are_listed_by_type(guest: ApiClient) -> None:
    bag = make_product("bag", price="35.00")
    make_product("meal")
    make_product("bag", active=False)

    assert listed(guest, "/v1/products?type=bag") == [
        {
            "id": bag.id,
            "type": "bag",
            "code": bag.code,
            "name": bag.name,
            "description": "For tests.",
            "base_price": {"amount": "35.00", "currency": "USD"},
        }
    ]


def test_products_come_in_pages(guest: ApiClient) -> None:
    for kind in ("bag", "meal", "seat"):
        make_product(kind)

    page = guest.get("/v1/products?limit=2").json()
    rest = guest.get(f"/v1/products?limit=2&after={page['next']}").json()

    assert [product["type"] for product in page["data"] + rest["data"]] == ["bag", "meal", "seat"]


def test_an_unknown_product_type_is_refused(guest: ApiClient) -> None:
    problem = assert_problem(guest.get("/v1/products?type=yacht"), 422, "not_one_of")

    assert problem["errors"][0]["pointer"] == "/type"
