"""Accepting over HTTP: the reply, its shape, repeating it, and who may."""

from typing import Any

import pytest

from altis.shared.actors import Actor
from altis.store.models import IdempotencyKey
from catalog.models import Flight
from orders.models import Order
from tests.catalog.books import figures, set_gate
from tests.clients import CONTACT, PASSENGER, ApiClient, assert_problem
from tests.factories import cabin_of, make_product
from tests.offers import market
from tests.orders.contract import assert_as_served
from tests.orders.trips import nothing_happens, offer_for, place

pytestmark = pytest.mark.django_db
ACCEPT = "/v1/offers/{offer_id}/accept"
BODY: dict[str, Any] = {"passengers": [PASSENGER], "contact": CONTACT}


def _path(offer: Any) -> str:
    return ACCEPT.format(offer_id=offer.id)


def test_the_order_comes_back_as_the_contract_says(flight: Flight, owner: ApiClient) -> None:
    offer = offer_for(bundle="comfort")
    seat = {"product_id": make_product("seat", price="25.00").pk, "passenger": 0, "segment": 0, "seat": "12A"}

    reply = owner.post(_path(offer), {**BODY, "items": [seat]})

    assert reply.status_code == 201
    order = assert_as_served(reply, "post", ACCEPT)
    assert reply["Location"] == f"/v1/orders/{order['id']}"
    assert (order["status"], order["version"], order["available_actions"]) == ("PROPOSED", 1, ["pay", "cancel"])
    assert order["passengers"][0] == {"id": order["passengers"][0]["id"], "type": "adult", **PASSENGER}
    assert (order["contact"], order["documents"], order["payments"], order["refunds"]) == (CONTACT, [], [], [])
    assert {item["status"] for item in order["items"]} == {"HELD"}
    assert order["items"][-1]["seat"] == "12A"
    assert sum(int(item["total"]["amount"].replace(".", "")) for item in order["items"]) == int(
        order["total"]["amount"].replace(".", "")
    )


def test_a_guest_may_not_accept(flight: Flight, guest: ApiClient) -> None:
    offer = offer_for()

    with nothing_happens():
        assert_problem(guest.post(_path(offer), BODY), 403, "user_token_required")


def test_without_a_token_nobody_may(flight: Flight) -> None:
    offer = offer_for()

    with nothing_happens():
        assert_problem(ApiClient().post(_path(offer), BODY), 401, "invalid_token")


def test_any_user_who_knows_the_id_may(flight: Flight, stranger: ApiClient) -> None:
    assert stranger.post(_path(offer_for()), BODY).status_code == 201


@pytest.mark.parametrize("id", ["off_01jd5y8t3m4n6p7q9r0s2v4w6x", "nonsense", "ord_01jd5y8t3m4n6p7q9r0s2v4w6x"])
def test_an_unknown_offer_is_not_found(flight: Flight, owner: ApiClient, id: str) -> None:
    with nothing_happens():
        assert_problem(owner.post(f"/v1/offers/{id}/accept", BODY), 404, "offer_not_found")


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"passengers": []}, "passenger_mismatch", "/passengers"),
        ({"passengers": [{**PASSENGER, "given_name": "12"}]}, "no_letter", "/passengers/0/given_name"),
        ({"passengers": [{**PASSENGER, "born_on": "10.12.1990"}]}, None, "/passengers/0/born_on"),
        ({"passengers": [{**PASSENGER, "age": 3}]}, "unknown_field", "/passengers/0/age"),
        ({"contact": {**CONTACT, "email": "nobody"}}, "invalid_email", "/contact/email"),
        ({"contact": {**CONTACT, "phone": "12"}}, "invalid_phone", "/contact/phone"),
        ({"items": [{"product_id": "bag"}]}, None, "/items/0/product_id"),
        ({"status": "PAID"}, "unknown_field", "/status"),
        ({"total": {"amount": "0.01"}}, "unknown_field", "/total"),
    ],
)
def test_a_bad_body_is_refused_at_its_place(
    flight: Flight, owner: ApiClient, change: dict[str, Any], code: str | None, pointer: str
) -> None:
    offer = offer_for()

    with nothing_happens():
        reply = owner.post(_path(offer), {**BODY, **change})

    assert reply.status_code == 422
    [fault] = reply.json()["errors"]
    assert fault["pointer"] == pointer
    assert code in (None, fault["code"])


def test_the_same_key_gives_the_same_bytes(flight: Flight, owner: ApiClient) -> None:
    offer = offer_for()
    first = owner.post(_path(offer), BODY, Idempotency_Key="k")

    with nothing_happens():
        again = owner.post(_path(offer), BODY, Idempotency_Key="k")

    assert (again.status_code, again.content, again["Idempotent-Replay"]) == (201, first.content, "true")
    assert (again["Location"], "Idempotent-Replay" in first) == (first["Location"], False)
    assert b"PASSENGER" not in IdempotencyKey.objects.get().body.encode()


def test_another_key_is_told_that_the_offer_is_accepted(flight: Flight, owner: ApiClient) -> None:
    offer = offer_for()
    owner.post(_path(offer), BODY, Idempotency_Key="k")

    with nothing_happens():
        assert_problem(owner.post(_path(offer), BODY, Idempotency_Key="other"), 409, "offer_already_accepted")
        assert_problem(owner.post(_path(offer), BODY), 409, "offer_already_accepted")


def test_the_same_key_with_another_body_is_refused(flight: Flight, owner: ApiClient) -> None:
    offer = offer_for()
    owner.post(_path(offer), BODY, Idempotency_Key="k")
    other = {**BODY, "contact": {**CONTACT, "email": "else@example.com"}}

    with nothing_happens():
        assert_problem(owner.post(_path(offer), other, Idempotency_Key="k"), 422, "idempotency_key_reused")


def test_whoever_bought_the_last_seat_gets_the_order_again_not_sold_out(owner: ApiClient) -> None:
    market.make_bundles()
    flight = market.fly(seats=1)
    offer = offer_for()
    first = owner.post(_path(offer), BODY, Idempotency_Key="k")
    set_gate(cabin_of(flight), base=0, ver=2)

    again = owner.post(_path(offer), BODY, Idempotency_Key="k")

    assert (again.status_code, again.content) == (201, first.content)


def test_a_twin_that_finds_the_gate_shut_gets_the_first_ones_answer(
    owner: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.make_bundles()
    flight = market.fly(seats=1)
    offer = offer_for()
    first = owner.post(_path(offer), BODY, Idempotency_Key="k")
    set_gate(cabin_of(flight), base=0, ver=2)
    # The twin read the offer before the first call had committed.
    monkeypatch.setattr("orders.services.place.open_offer", lambda _: offer)

    again = owner.post(_path(offer), BODY, Idempotency_Key="k")

    assert (again.status_code, again.content) == (201, first.content)


def test_a_refusal_is_not_kept_so_the_same_key_may_succeed_later(
    owner: ApiClient, owner_actor: Actor, settings: Any
) -> None:
    market.make_bundles()
    market.fly()
    settings.ALTIS_OPEN_HOLDS = "customer=1"
    first, second = offer_for(), offer_for()
    order = place(first, owner_actor)

    with nothing_happens():
        assert_problem(owner.post(_path(second), BODY, Idempotency_Key="k"), 429, "too_many_holds")
    owner.post(f"/v1/orders/{order.pk}/cancel")

    assert owner.post(_path(second), BODY, Idempotency_Key="k").status_code == 201


def test_sold_out_says_so(owner: ApiClient, owner_actor: Actor) -> None:
    market.make_bundles()
    flight = market.fly(seats=1)
    one, other = offer_for(), offer_for()
    place(one, owner_actor)

    with nothing_happens():
        assert_problem(owner.post(_path(other), BODY), 409, "sold_out")

    assert (figures(cabin_of(flight)), Order.objects.count()) == ((1, 0, 2), 1)
