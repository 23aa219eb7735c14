"""The traffic: popular markets come often, cold ones once, and every run is the same."""

import json
from collections import Counter
from datetime import date
from itertools import islice

from bench.speed.flows import accept_request, headers_of
from bench.speed.offers import is_plain
from bench.speed.traffic import Customer, Market, by_zipf, customers, each_once, flights, popular, searches

_MARKETS = [Market("LHR", f"A{n:02d}", date(2027, 1, 1), f"flt_{n}", 1) for n in range(100)]
_WHO = Customer("token", "198.18.0.1")


def test_popular_markets_come_more_often_the_more_popular_they_are() -> None:
    hot = popular(_MARKETS, seed=1)

    counted = Counter(islice(by_zipf(hot, seed=1), 20_000))

    assert (len(hot), len(counted)) == (60, 60)
    assert counted[hot[0]] > 3 * counted[hot[9]] > 3 * counted[hot[59]]


def test_cold_markets_come_once_before_any_comes_again() -> None:
    wanted = list(islice(each_once(_MARKETS, seed=1), 200))

    assert sorted(wanted[:100], key=repr) == sorted(_MARKETS, key=repr)
    assert wanted[100:] == wanted[:100]


def test_traffic_is_the_same_in_every_run() -> None:
    first, second = (list(searches(by_zipf(_MARKETS, seed=1), [_WHO], count=50)) for _ in range(2))

    assert first == second


def test_search_says_who_asks_and_for_whom() -> None:
    [request] = searches(iter(_MARKETS), [_WHO], count=1, alone=True)

    assert headers_of(request) == _WHO.headers
    assert json.loads(request.partition(b"\r\n\r\n")[2]) == {
        "slices": [{"origin": "LHR", "destination": "A00", "departure_date": "2027-01-01"}],
        "passengers": [{"type": "adult"}],
    }


def test_customers_have_addresses_of_their_own() -> None:
    people = customers([f"t{n}" for n in range(300)])

    assert len({who.address for who in people}) == 300


def test_flights_are_asked_for_by_market() -> None:
    [request] = flights(iter(_MARKETS), [_WHO], count=1)

    assert request.startswith(b"GET /v1/flights?origin=LHR&destination=A00&departure_date=2027-01-01 HTTP/1.1\r\n")


def test_each_offer_is_accepted_under_a_key_of_its_own() -> None:
    request = accept_request("off_1", _WHO.headers, types=["adult", "child"])

    assert b"\r\nIdempotency-Key: speed-off_1\r\n" in request
    assert len(json.loads(request.partition(b"\r\n\r\n")[2])["passengers"]) == 2


def test_plain_offers_need_one_row_of_the_ledger() -> None:
    def offer(segments: int, *types: str) -> dict[str, object]:
        return {"slices": [{"segments": [{}] * segments}], "items": [{"type": type} for type in types]}

    assert is_plain(offer(1, "flight", "bag"))
    assert not is_plain(offer(2, "flight"))
    assert not is_plain(offer(1, "flight", "lounge"))
