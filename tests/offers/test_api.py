"""Search, read and reject over HTTP, as the contract says."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from redis import ConnectionPool, Redis

from altis.store.models import OutboxEvent
from altis.store.redis import client as redis_client
from offers import shelf
from offers.models import Offer
from tests.clients import ApiClient, assert_problem
from tests.conftest import Later
from tests.offers.market import fly, soon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bundles")]


def _body(**changes: Any) -> dict[str, Any]:
    slices = [{"origin": "LHR", "destination": "JFK", "departure_date": soon().isoformat()}]
    return {"slices": slices, "passengers": [{"type": "adult"}, {"type": "child", "age": 7}], **changes}


def _offer(caller: ApiClient) -> dict[str, Any]:
    fly()
    offers: list[dict[str, Any]] = caller.post("/v1/offers/search", _body()).json()["offers"]
    return offers[0]


def test_a_guest_searches_and_gets_offers_whose_parts_add_up(guest: ApiClient) -> None:
    fly(sold=50)

    reply = guest.post("/v1/offers/search", _body(max_offers=3))

    assert reply.status_code == 200
    found = reply.json()
    assert [offer["rank"] for offer in found["offers"]] == [1, 2, 3]
    assert {offer["bundle"] for offer in found["offers"]} == {"flight_only", "comfort", "premium"}
    assert found["reason"] is None
    for offer in found["offers"]:
        totals = [Decimal(item["total"]["amount"]) for item in offer["items"]]
        assert sum(totals) == Decimal(offer["total"]["amount"])
        contributions = [Decimal(part["contribution"]) for part in offer["rank_explanation"]]
        assert sum(contributions) == Decimal(offer["score"])
        assert offer["expires_at"] == found["expires_at"]


def test_nothing_on_sale_is_an_empty_list_with_a_reason(guest: ApiClient) -> None:
    fly(day=soon(11))

    found = guest.post("/v1/offers/search", _body()).json()

    assert (found["offers"], found["reason"]) == ([], "no_flights")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"slices": []}, "too_short", "/slices"),
        ({"passengers": []}, "too_short", "/passengers"),
        ({"passengers": [{"type": "adult"}] * 10}, "too_many_passengers", "/passengers"),
        ({"passengers": [{"type": "infant"}]}, "too_many_infants", "/passengers"),
        ({"passengers": [{"type": "pet"}]}, "not_one_of", "/passengers/0/type"),
        ({"passengers": [{"type": "child", "age": 12}]}, "invalid_age", "/passengers/0/age"),
        ({"passengers": [{"type": "adult", "name": "X"}]}, "unknown_field", "/passengers/0/name"),
        ({"passengers": [{"age": 7}]}, "required", "/passengers/0/type"),
        ({"cabin": "hold"}, "not_one_of", "/cabin"),
        ({"max_offers": 6}, "out_of_range", "/max_offers"),
        ({"max_offers": "5"}, "invalid_type", "/max_offers"),
        ({"currency": "EUR"}, "unknown_field", "/currency"),
    ],
)
def test_a_search_that_breaks_a_rule_is_refused_at_its_place(
    guest: ApiClient, changes: dict[str, Any], code: str, pointer: str
) -> None:
    fly()

    problem = assert_problem(guest.post("/v1/offers/search", _body(**changes)), 422, code)

    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    assert not redis_client().keys("sch:*")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"origin": "QQQ"}, "unknown_airport"),
        ({"origin": "JFK"}, "same_airport"),
        ({"departure_date": "2020-01-01"}, "departure_in_past"),
        ({"departure_date": "2026-02-30"}, "invalid_date"),
    ],
)
def test_a_slice_that_cannot_be_flown_is_refused(guest: ApiClient, changes: dict[str, str], code: str) -> None:
    fly()
    body = _body()
    body["slices"][0].update(changes)

    problem = assert_problem(guest.post("/v1/offers/search", body), 422, code)

    assert problem["errors"][0]["pointer"].startswith("/slices/0/")


def test_searching_needs_a_token() -> None:
    assert_problem(ApiClient().post("/v1/offers/search", _body()), 401, "invalid_token")


def test_without_redis_neither_search_nor_reading_a_live_offer_works(
    guest: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/offers/{_offer(guest)['id']}"
    nobody = Redis(connection_pool=ConnectionPool(port=1, socket_connect_timeout=0.1))
    monkeypatch.setattr(shelf, "patient_client", lambda: nobody)

    for reply in (guest.post("/v1/offers/search", _body()), guest.get(path), guest.post(f"{path}/reject")):
        assert_problem(reply, 503, "unavailable")
        assert reply["Retry-After"] == "1"


def test_an_offer_is_read_as_it_was_shown_and_by_anyone(guest: ApiClient, stranger: ApiClient) -> None:
    offer = _offer(guest)

    reply = stranger.get(f"/v1/offers/{offer['id']}")

    assert (reply.status_code, reply.json()) == (200, offer)


def test_an_expired_offer_is_gone_and_then_unknown(guest: ApiClient, later: Later) -> None:
    path = f"/v1/offers/{_offer(guest)['id']}"

    later(900)
    assert_problem(guest.get(path), 410, "offer_expired")
    assert_problem(guest.post(f"{path}/reject"), 410, "offer_expired")
    later(1_801)
    assert_problem(guest.get(path), 404, "offer_not_found")


@pytest.mark.parametrize("id", ["off_", "nonsense", "off_01m81s1xr80pjh6gg2t8j1n2c1", "sch_01m81s1xr80pjh6gg2t8j1n2c1"])
def test_what_is_no_offer_is_not_found(guest: ApiClient, id: str) -> None:
    assert_problem(guest.get(f"/v1/offers/{id}"), 404, "offer_not_found")
    assert_problem(guest.post(f"/v1/offers/{id}/reject"), 404, "offer_not_found")


def test_a_guest_rejects_an_offer_for_good(guest: ApiClient, later: Later) -> None:
    offer = _offer(guest)

    reply = guest.post(f"/v1/offers/{offer['id']}/reject")

    assert (reply.status_code, reply.json()) == (200, {**offer, "status": "CANCELLED"})
    assert guest.post(f"/v1/offers/{offer['id']}/reject").status_code == 200
    later(timedelta(days=30).total_seconds())
    assert guest.get(f"/v1/offers/{offer['id']}").json()["status"] == "CANCELLED"
    assert OutboxEvent.objects.filter(type="altis.offer.rejected").count() == 1


def test_a_rejection_with_a_key_gives_the_same_bytes_again(guest: ApiClient) -> None:
    path = f"/v1/offers/{_offer(guest)['id']}/reject"

    first = guest.post(path, Idempotency_Key="once")
    again = guest.post(path, Idempotency_Key="once")

    assert (first.status_code, first.content) == (200, again.content)
    assert (first.get("Idempotent-Replay"), again["Idempotent-Replay"]) == (None, "true")
    assert Offer.objects.count() == 1


def test_a_rejection_takes_no_fields(guest: ApiClient) -> None:
    path = f"/v1/offers/{_offer(guest)['id']}/reject"

    assert_problem(guest.post(path, {"why": "dear"}), 422, "unknown_field")

    assert not Offer.objects.exists()
