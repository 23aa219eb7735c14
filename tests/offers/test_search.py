"""Search on real servers: what is offered, at which price, and what is not."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from altis.shared.errors import Invalid
from altis.store.redis import client
from catalog.models import Bundle, Inventory, Product
from catalog.services.availability import available_many
from offers import shelf
from offers.models import Impression, Offer
from offers.services.search import MadeSearch, search_offers
from offers.trip import Passenger, SearchRequest, SliceRequest
from tests.offers.market import fly, soon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundles")]
ADULT = Passenger("adult")
FAMILY = (ADULT, ADULT, Passenger("child", 7), Passenger("infant"))


def _search(*passengers: Passenger, back: bool = False, **changes: Any) -> MadeSearch:
    slices = (SliceRequest("LHR", "JFK", soon()), SliceRequest("JFK", "LHR", soon(17)))
    values: dict[str, Any] = {"slices": slices[: 2 if back else 1], "passengers": passengers or (ADULT,), **changes}
    return search_offers(request=SearchRequest(**values))


def test_one_flight_is_offered_in_every_bundle_at_the_demands_price() -> None:
    fly(seats=100, sold=50)

    result = _search()

    assert {offer.bundle: offer.total_minor for offer in result.offers} == {
        "flight_only": 30_000,
        "comfort": 30_000 + 2_250 + 4_050,
        "premium": 30_000 + 2_125 + 2 * 3_825 + 4_165,
    }
    assert [offer.rank for offer in result.offers] == [1, 2, 3]
    assert result.reason is None


def test_a_family_flies_there_and_back_and_everything_adds_up() -> None:
    fly("100")
    fly("101", way=("JFK", "LHR"), day=soon(17), at=time(18, 0))

    [comfort] = [offer for offer in _search(*FAMILY, back=True).offers if offer.bundle == "comfort"]

    flights = [item for item in comfort.items if item.type == "flight"]
    assert [(item.segment, item.passenger_type, item.quantity, item.total_minor) for item in flights] == [
        (0, "adult", 2, 40_000),
        (0, "child", 1, 20_000),
        (0, "infant", 1, 2_000),
        (1, "adult", 2, 40_000),
        (1, "child", 1, 20_000),
        (1, "infant", 1, 2_000),
    ]
    assert {(item.type, item.quantity) for item in comfort.items if item.type != "flight"} == {("seat", 3), ("bag", 3)}
    assert comfort.total_minor == sum(item.total_minor for item in comfort.items) == 124_000 + 6 * (2_250 + 4_050)


def test_a_connection_is_offered_when_there_is_no_direct_flight() -> None:
    fly("200", way=("LHR", "DUB"), at=time(8, 0), minutes=80)
    fly("201", way=("DUB", "JFK"), at=time(10, 20), minutes=450)
    fly("202", way=("DUB", "JFK"), at=time(10, 10), minutes=450)

    offers = _search().offers

    assert len(offers) == 3
    assert {tuple(segment.flight_number for segment in offer.segments) for offer in offers} == {("200", "201")}


def test_five_offers_at_most_and_each_bundle_among_them() -> None:
    for hour in range(8, 18):
        fly(str(300 + hour), at=time(hour, 0))

    offers = _search(max_offers=4).offers

    assert len(offers) == 4
    assert {offer.bundle for offer in offers} == {"flight_only", "comfort", "premium"}
    assert [offer.score for offer in offers] == sorted((offer.score for offer in offers), key=float, reverse=True)


def test_premium_is_left_out_when_the_lounge_is_full() -> None:
    fly(lounge_slots=1)

    assert {offer.bundle for offer in _search(ADULT, ADULT).offers} == {"flight_only", "comfort"}


def test_a_bundle_with_a_product_that_is_off_sale_is_left_out() -> None:
    fly()
    Product.objects.filter(code="BAG").update(active=False)

    assert {offer.bundle for offer in _search().offers} == {"flight_only"}


def test_no_flights_and_sold_out_are_told_apart() -> None:
    fly(seats=10, sold=8, day=soon(9))
    assert (_search().offers, _search().reason) == ((), "no_flights")

    fly("102", seats=10, sold=8)

    assert _search(ADULT, ADULT, ADULT).reason == "sold_out"
    assert _search(ADULT, ADULT).reason is None
    assert _search(cabin="first").reason == "no_flights"


def test_sold_out_when_no_bundle_is_on_sale() -> None:
    fly()
    Bundle.objects.update(active=False)

    assert _search().reason == "sold_out"


def test_a_flight_that_departs_before_the_sales_cut_off_is_not_sold() -> None:
    flight = fly(day=soon(0))
    flight.departing_at = flight.arriving_at - timedelta(hours=100)
    flight.save()

    assert _search(slices=(SliceRequest("LHR", "JFK", soon(0)),)).reason == "no_flights"


def test_a_search_writes_one_document_and_no_row(django_assert_max_num_queries: Callable[[int], Any]) -> None:
    flights = [fly(str(100 + hour), at=time(hour, 0)) for hour in range(8, 18)]
    available_many(list(Inventory.objects.filter(flight__in=flights).values_list("id", flat=True)))
    before = set(client().scan_iter("sch:*"))

    with django_assert_max_num_queries(8):
        result = _search()

    assert set(client().scan_iter("sch:*")) - before == {f"sch:{result.search_id}".encode()}
    assert client().xlen(shelf.STREAM) == 1
    assert not Offer.objects.exists()
    assert not Impression.objects.exists()


def test_the_document_outlives_its_offers(settings: Any) -> None:
    fly()
    settings.ALTIS_OFFER_TTL_SECONDS, settings.ALTIS_OFFER_TOMBSTONE_SECONDS = 30, 50

    result = _search()

    assert 130 <= client().ttl(f"sch:{result.search_id}") <= 140
    assert (result.expires_at - result.offers[0].created_at).total_seconds() == 30


def test_no_impression_is_noted_when_none_is_wanted(settings: Any) -> None:
    fly()
    settings.ALTIS_IMPRESSION_RATE = 0.0

    assert _search().offers
    assert client().xlen(shelf.STREAM) == 0


def test_a_request_that_breaks_rules_is_refused_and_nothing_is_shelved() -> None:
    fly()

    with pytest.raises(Invalid) as refusal:
        _search(Passenger("infant"), slices=(SliceRequest("LHR", "QQQ", soon(-3)),))

    assert [fault.code for fault in refusal.value.faults] == [
        "unknown_airport",
        "departure_in_past",
        "too_many_infants",
    ]
    assert client().dbsize() == 0
