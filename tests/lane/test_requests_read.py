"""What the lane reads for itself is what Django's side would read: of valid requests and of the hostile table."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from rest_framework.exceptions import APIException

from altis.api.cards import refuse_cards
from altis.api.parsing import strict_object
from altis.api.serializers import StrictSerializer
from altis.lane.flights_query import flights_query
from altis.lane.search_request import search_request
from altis.shared.errors import AltisError
from catalog.api.serializers import FlightsQuery
from offers.api import serializers
from tests.api.hostile.table import refused
from tests.lane.cases import FLIGHTS, SEARCH, market_query, trip

DAY = "2026-12-01"
SLICE = {"origin": "LHR", "destination": "JFK", "departure_date": DAY}
_VALID: list[Any] = [
    trip(),
    trip(cabin="first", max_offers=3),
    trip(slices=[SLICE, SLICE, SLICE, SLICE]),
    trip(passengers=[{"type": "infant", "age": 0}, {"age": 130, "type": "adult"}]),
]


def _values(kind: type[StrictSerializer], data: Any, **context: bool) -> dict[str, Any] | None:
    serializer = kind(data=data, context=context)
    return dict(serializer.validated_data) if serializer.is_valid() else None


def _by_django(body: bytes) -> Any:
    try:
        data = strict_object(body)
        refuse_cards(data)
    except (AltisError, APIException):
        return None
    values = _values(serializers.SearchIn, data)
    return None if values is None else serializers.search_request(values)


@pytest.mark.parametrize("body", _VALID)
def test_a_valid_search_is_the_same_request(body: Any) -> None:
    raw = json.dumps(body).encode()

    assert search_request(raw) is not None
    assert search_request(raw) == _by_django(raw)


def test_no_hostile_body_is_read_as_anything_else() -> None:
    bodies = [one.body for one in refused() if one.operation == SEARCH and one.body]
    others = [body for body in bodies if search_request(body) not in (None, _by_django(body))]

    assert others == []
    assert len(bodies) > 200
    assert sum(search_request(body) is None for body in bodies) > 180


@pytest.mark.parametrize(
    "odd",
    [
        b'"max_offers":5,"max_offers":5',
        b'"passengers":[]',
        b'"cabin":"\\u0065conomy"',
        b'"cabin":"attic"',
        b'"max_offers":6',
        b'"max_offers":5.0',
        b'"max_offers":true',
        b'"max_offers":null',
        b'"more":1',
    ],
)
def test_an_odd_body_is_left_to_django(odd: bytes) -> None:
    body = json.dumps(trip()).encode()

    assert search_request(body[:-1] + b"," + odd + b"}") is None


@pytest.mark.parametrize("more", ["", "&limit=1", "&limit=200", "&after=", "&after=WyJhIl0", "&limit=9&after=abc_-"])
def test_a_valid_list_is_the_same_query(more: str) -> None:
    query = market_query() + more

    read = flights_query(query)

    assert read is not None
    data = dict(parse_qsl(query, keep_blank_values=True))
    assert read._asdict() == _values(FlightsQuery, data, query=True)


def test_no_hostile_query_is_read_as_anything_else() -> None:
    queries = [one.target.partition("?")[2] for one in refused() if one.operation == FLIGHTS and "?" in one.target]
    read = {query: flights_query(query) for query in queries}
    taken = {query: found for query, found in read.items() if found is not None}

    serialized = {query: _values(FlightsQuery, dict(parse_qsl(query)), query=True) for query in taken}
    assert {query: {**found._asdict(), "after": ""} for query, found in taken.items()} == {
        query: values and {**values, "after": ""} for query, values in serialized.items()
    }
    assert len(queries) > 60


@pytest.mark.parametrize(
    "query",
    [
        "",
        "origin=LHR",
        "origin=LHR&destination=JFK&departure_date=2026-W49-1",
        "origin=LHR&destination=JFK&departure_date=2026-02-30",
        "origin=LHR&destination=JFK&departure_date=2201-01-01",
        f"origin=LHR&origin=LHR&destination=JFK&departure_date={DAY}",
        f"origin=%4cHR&destination=JFK&departure_date={DAY}",
        f"origin=LHR&destination=JFK&departure_date={DAY}&limit=0",
        f"origin=LHR&destination=JFK&departure_date={DAY}&limit=201",
        f"origin=LHR&destination=JFK&departure_date={DAY}&limit=01",
        f"origin=LHR&destination=JFK&departure_date={DAY}&after=4111111111111111",
    ],
)
def test_an_odd_query_is_left_to_django(query: str) -> None:
    assert flights_query(query) is None
