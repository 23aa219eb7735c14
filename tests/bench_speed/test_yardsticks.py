"""The yardsticks are what they say: the same application server, the same question, the same shape of answer."""

from datetime import UTC, datetime

import pytest

from altis.devstack.api_server import server_words
from bench.speed.yardsticks import django_words, hello_words, interface_of
from bench.yardsticks import hello
from bench.yardsticks.search import make_offers
from offers.api.serializers import SearchOut

_FLIGHT = {
    "flight_number": "100",
    "inventory_id": 1,
    "base": "200.00",
    "segment": {"origin": "LHR", "destination": "JFK", "departing_at": "2027-01-01T10:00:00+00:00"},
}
_BUNDLE = {
    "code": "comfort",
    "name": "Comfort",
    "discount_percent": "10.00",
    "refundable": True,
    "refund_penalty": "75.00",
    "changeable": False,
    "change_penalty": "0.00",
    "parts": [{"id": "prd_1", "type": "bag", "name": "Bag", "price": "35.00", "quantity": 1}],
}


@pytest.mark.parametrize("lane", ["on", "off"])
def test_hello_runs_on_the_servers_own_command_line(lane: str) -> None:
    environ = {"ALTIS_LANE": lane}

    ours = hello_words(20_001, 1, environ=environ)

    theirs = server_words("127.0.0.1", 20_001, 1, None, environ=environ)

    assert ours[:-1] == theirs[:-1]
    assert ours[-1].startswith("bench.yardsticks.hello:")
    assert callable(getattr(hello, ours[-1].partition(":")[2]))


def test_django_yardsticks_run_on_the_same_application_server() -> None:
    words = django_words(20_001, 2)

    assert words[:2] == ["-m", "altis.devstack.serve"]
    assert interface_of(words) == "wsgi"


def test_search_of_the_yardstick_has_the_shape_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    from bench.yardsticks import search  # noqa: PLC0415  (its names are replaced)

    way = {"origin": "LHR", "destination": "JFK", "departure_date": datetime(2027, 1, 1, tzinfo=UTC).date()}
    asked = {"slices": [way], "passengers": [{"type": "adult"}] * 2, "cabin": "economy", "max_offers": 5}
    for name, value in {
        "flights_of": lambda *_: [_FLIGHT],
        "bundles_on_sale": lambda: [_BUNDLE],
        "seats_left": lambda _: {1: 9},
    }.items():
        monkeypatch.setattr(search, name, value)

    [offer] = make_offers(asked)["offers"]

    fields = set(SearchOut().fields["offers"].child.fields)  # type: ignore[attr-defined]  # a list serializer
    assert set(offer) == fields
    assert offer["total"] == {"amount": 2 * (240 + 31.5), "currency": "USD"}
