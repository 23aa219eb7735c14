"""Reading orders over HTTP: one, many, their history; one's own, and nobody else's."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from altis.privacy import keys
from altis.shared.actors import Actor
from altis.shared.clock import iso, now
from catalog.models import Flight
from orders.models import Document, Order
from orders.services.cancel import cancel_order
from orders.services.fulfil import fulfil_order
from tests.clients import ApiClient, assert_problem
from tests.orders.contract import assert_as_served
from tests.orders.trips import PAYMENT, nothing_happens, offer_for, pay_up, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(flight: Flight, owner_actor: Actor) -> Order:
    return place(offer_for(), owner_actor)


@pytest.fixture
def fulfilled(order: Order) -> Order:
    return fulfil_order(pay_up(order).pk)


def _paths(order: Order) -> list[tuple[str, str]]:
    document = Document.objects.filter(order=order).first()
    assert document is not None
    return [
        ("get", f"/v1/orders/{order.pk}"),
        ("get", f"/v1/orders/{order.pk}/history"),
        ("get", f"/v1/orders/{order.pk}/documents"),
        ("post", f"/v1/orders/{order.pk}/cancel"),
        ("post", f"/v1/orders/{order.pk}/pay"),
        ("get", f"/v1/documents/{document.pk}/barcode.png"),
        ("get", f"/v1/documents/{document.pk}/barcode.svg"),
    ]


def _call(client: ApiClient, method: str, path: str) -> Any:
    body = {"payment_method": {"token": "tok_visa"}} if path.endswith("/pay") else None
    return client.post(path, body) if method == "post" else client.get(path)


def test_somebody_elses_order_is_not_found_wherever_one_asks(fulfilled: Order, stranger: ApiClient) -> None:
    with nothing_happens():
        for method, path in _paths(fulfilled):
            code = "document_not_found" if "documents/" in path else "order_not_found"
            refused = assert_problem(_call(stranger, method, path), 404, code)
            unknown = path.replace(path.split("/")[3], path.split("/")[3][:-2] + "zz")
            other = assert_problem(_call(stranger, method, unknown), 404, code)
            assert refused["detail"] == other["detail"]


def test_a_guest_is_told_that_a_user_is_needed_before_anything_is_looked_up(fulfilled: Order, guest: ApiClient) -> None:
    with nothing_happens():
        for method, path in [*_paths(fulfilled), ("get", "/v1/orders"), ("get", "/v1/orders/nonsense")]:
            assert_problem(_call(guest, method, path), 403, "user_token_required")


def test_an_order_is_read_with_a_tag_that_changes_with_what_it_shows(order: Order, owner: ApiClient) -> None:
    before, again = owner.get(f"/v1/orders/{order.pk}"), owner.get(f"/v1/orders/{order.pk}")
    fulfil_order(pay_up(order).pk)
    after = owner.get(f"/v1/orders/{order.pk}")

    assert before["ETag"] == again["ETag"] != after["ETag"]
    assert before["Cache-Control"] == "no-store"
    body = assert_as_served(after, "get", "/v1/orders/{order_id}")
    assert (body["status"], body["expires_at"], len(body["documents"])) == ("FULFILLED", None, 1)
    assert body["payments"] == [PAYMENT]


def test_ones_own_orders_are_listed_newest_first_page_by_page(
    flight: Flight, owner: ApiClient, owner_actor: Actor, stranger: ApiClient
) -> None:
    made = [place(offer_for(), owner_actor).pk for _ in range(3)]

    first = assert_as_served(owner.get("/v1/orders?limit=2"), "get", "/v1/orders")
    place(offer_for(), owner_actor)
    second = owner.get(f"/v1/orders?limit=2&after={first['next']}").json()

    assert [order["id"] for order in (*first["data"], *second["data"])] == sorted(made, reverse=True)
    assert second["next"] is None
    assert stranger.get("/v1/orders").json() == {"data": [], "next": None}


def test_the_list_can_be_narrowed_to_a_status(flight: Flight, owner: ApiClient, owner_actor: Actor) -> None:
    kept, given_up = (place(offer_for(), owner_actor) for _ in range(2))
    cancel_order(order_id=given_up.pk, actor=owner_actor, reason="customer_cancelled")

    for status, ids in {"PROPOSED": [kept.pk], "CANCELLED": [given_up.pk], "PAID": []}.items():
        data = owner.get(f"/v1/orders?status={status}").json()["data"]
        assert [order["id"] for order in data] == ids


@pytest.mark.parametrize("query", ["status=HELD", "limit=0", "limit=201", "after=x!", "limit=1&limit=2", "colour=red"])
def test_a_query_that_breaks_a_rule_is_refused(owner: ApiClient, query: str) -> None:
    assert owner.get(f"/v1/orders?{query}").status_code == 422


def test_listing_takes_as_many_queries_for_many_orders_as_for_one(
    flight: Flight, owner: ApiClient, owner_actor: Actor, django_assert_num_queries: Any
) -> None:
    place(offer_for("adult", "child"), owner_actor)
    owner.get("/v1/orders")  # the token has been looked at
    keys.forget_all()
    with CaptureQueriesContext(connection) as one:
        owner.get("/v1/orders")
    for _ in range(4):
        place(offer_for("adult", "child"), owner_actor)
    keys.forget_all()

    with django_assert_num_queries(len(one)):
        assert len(owner.get("/v1/orders").json()["data"]) == 5


def test_the_history_names_every_move(fulfilled: Order, owner: ApiClient, owner_actor: Actor) -> None:
    body = assert_as_served(owner.get(f"/v1/orders/{fulfilled.pk}/history"), "get", "/v1/orders/{order_id}/history")

    moves = [(event["sequence"], event["from"], event["to"]) for event in body["data"]]
    assert moves == [
        (1, None, "PROPOSED"),
        (2, "PROPOSED", "PAYMENT_PENDING"),
        (3, "PAYMENT_PENDING", "PAID"),
        (4, "PAID", "FULFILLED"),
    ]
    assert (body["data"][0]["actor"], body["data"][0]["reason"]) == (str(owner_actor), "offer_accepted")


@pytest.mark.parametrize(
    ("sequence", "status", "items", "paid", "documents"),
    [
        (1, "PROPOSED", "HELD", 0, 0),
        (2, "PAYMENT_PENDING", "HELD", 0, 0),
        (3, "PAID", "CONFIRMED", 1, 0),
        (4, "FULFILLED", "CONFIRMED", 1, 1),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_an_order_can_be_seen_as_it_stood(
    fulfilled: Order, owner: ApiClient, sequence: int, status: str, items: str, paid: int, documents: int
) -> None:
    _spread(fulfilled)
    instant = iso(fulfilled.events.get(sequence=sequence).at)

    body = assert_as_served(
        owner.get(f"/v1/orders/{fulfilled.pk}/history?at={instant}"), "get", "/v1/orders/{order_id}/history"
    )

    assert (body["status"], body["version"]) == (status, sequence)
    assert {item["status"] for item in body["items"]} == {items}
    assert (len(body["payments"]), len(body["documents"])) == (paid, documents)
    assert (body["expires_at"] is None) == (sequence > 2)
    assert body["total"] == fulfilled.total.as_json()


def _spread(order: Order) -> None:
    """Move the events of one test apart: a minute each. History is never changed, but for this test's superuser."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_orderevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE orders_orderevent SET at = at - (10 - sequence) * interval '1 minute'")
        cursor.execute("ALTER TABLE orders_orderevent ENABLE TRIGGER USER")


def test_before_it_began_there_was_no_order(order: Order, owner: ApiClient) -> None:
    reply = owner.get(f"/v1/orders/{order.pk}/history?at=2020-01-01T00:00:00Z")

    assert_problem(reply, 404, "order_not_found")


@pytest.mark.parametrize("at", ["yesterday", "2026-12-01", "2026-12-01T10:00:00"])
def test_an_instant_needs_a_zone(order: Order, owner: ApiClient, at: str) -> None:
    assert owner.get(f"/v1/orders/{order.pk}/history?at={at}").status_code == 422


def test_the_cancel_door_cancels_and_repeats_its_answer(order: Order, owner: ApiClient) -> None:
    path = f"/v1/orders/{order.pk}/cancel"
    first = owner.post(path, Idempotency_Key="k")

    body = assert_as_served(first, "post", "/v1/orders/{order_id}/cancel")
    assert (body["status"], body["expires_at"], body["available_actions"]) == ("CANCELLED", None, [])
    with nothing_happens():
        again = owner.post(path, Idempotency_Key="k")
        assert (again.content, again["Idempotent-Replay"]) == (first.content, "true")
        assert_problem(owner.post(path), 409, "order_not_cancellable")


def test_a_cancel_takes_no_body(order: Order, owner: ApiClient) -> None:
    with nothing_happens():
        assert_problem(owner.post(f"/v1/orders/{order.pk}/cancel", {"reason": "x"}), 422, "unknown_field")


def test_what_is_shown_of_time_is_in_the_future(order: Order, owner: ApiClient) -> None:
    assert owner.get(f"/v1/orders/{order.pk}").json()["expires_at"] > iso(now())
