"""What reading orders costs: round trips that do not grow with what is read, and an index for every look."""

import re

import pytest
from django.db import connection

from altis.accounts.models import User
from altis.privacy import keys
from altis.shared.actors import Actor
from altis.shared.clock import iso
from catalog.models import Flight
from orders import selectors
from orders.models import Order
from orders.services.fulfil import fulfil_order
from tests.clients import ApiClient
from tests.factories import make_product
from tests.orders.trips import offer_for, pay_up, place
from tests.store.rows import bare_order
from tests.wire import listening

pytestmark = pytest.mark.django_db
# The rows; their parts all at once; the data keys that are not in memory.
ONE_ORDER, WITH_KEYS, A_PAGE = 1, 2, 3
_COPIES = """
INSERT INTO orders_order SELECT (jsonb_populate_record(o, jsonb_build_object(
    'id', 'ord_' || lpad(n::text, 26, '0'), 'offer_id', 'off_' || n, 'reference', lpad(n::text, 6, '0')))).*
  FROM orders_order AS o, generate_series(1, 3000) AS n WHERE o.id = %s
"""


def _trips(owner: ApiClient, path: str) -> int:
    keys.forget_all()
    owner.get(path)  # the token and what stays the same for a while are known from here on
    keys.forget_all()
    with listening() as wire:
        assert owner.get(path).status_code == 200
    return wire.round_trips


@pytest.mark.django_db(transaction=True)
def test_a_page_takes_as_many_round_trips_for_many_orders_as_for_one(
    flight: Flight, owner: ApiClient, owner_actor: Actor
) -> None:
    place(offer_for(), owner_actor)
    for_one = _trips(owner, "/v1/orders")

    pay_up(place(offer_for("adult", "adult", "child", bundle="comfort"), owner_actor))
    place(offer_for(bundle="premium"), owner_actor)

    assert (for_one, _trips(owner, "/v1/orders")) == (A_PAGE, A_PAGE)


@pytest.mark.django_db(transaction=True)
def test_an_order_comes_with_its_parts_in_one_round_trip(flight: Flight, owner: ApiClient, owner_actor: Actor) -> None:
    order = place(offer_for("adult", "adult", bundle="comfort"), owner_actor)
    first = _trips(owner, f"/v1/orders/{order.pk}")

    with listening() as wire:
        owner.get(f"/v1/orders/{order.pk}")

    assert (first, wire.round_trips) == (WITH_KEYS, ONE_ORDER)


def test_history_and_documents_take_one_round_trip(flight: Flight, owner: ApiClient, owner_actor: Actor) -> None:
    order = place(offer_for(), owner_actor)

    assert [_trips(owner, f"/v1/orders/{order.pk}/{what}") for what in ("history", "documents")] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_an_order_as_it_stood_and_a_barcode_take_one_round_trip_and_the_keys(
    flight: Flight, owner: ApiClient, owner_actor: Actor
) -> None:
    order = fulfil_order(pay_up(place(offer_for(), owner_actor)).pk)
    moment = iso(order.events.latest("sequence").at)
    document = order.documents.first()
    assert document is not None

    paths = (f"/v1/orders/{order.pk}/history?at={moment}", f"/v1/documents/{document.pk}/barcode.svg")

    assert [_trips(owner, path) for path in paths] == [WITH_KEYS, WITH_KEYS]


@pytest.mark.django_db(transaction=True)
def test_an_account_and_an_offer_take_one_round_trip(flight: Flight, owner: ApiClient) -> None:
    offer = offer_for()

    assert [_trips(owner, path) for path in ("/v1/auth/me", f"/v1/offers/{offer.id}")] == [1, 1]


def test_products_take_one_round_trip_however_many(owner: ApiClient) -> None:
    few = [make_product("bag"), make_product("meal")]
    for_two = _trips(owner, "/v1/products")
    many = [make_product("bag") for _ in range(40)]

    assert (for_two, _trips(owner, "/v1/products"), _trips(owner, "/v1/products?type=bag")) == (1, 1, 1)
    assert len(owner.get("/v1/products").json()["data"]) == len(few) + len(many)


@pytest.mark.parametrize("tail", [selectors._MINE, selectors._NEWEST, selectors._NEWEST_OF])
def test_among_many_orders_an_index_finds_them(owner_user: User, tail: str) -> None:
    order = bare_order(owner_user)
    other = bare_order(User.objects.create_user("many@example.com", "correct horse battery"))
    found = [order.pk, owner_user.pk] if tail == selectors._MINE else [owner_user.pk, "~", "50", "ARCHIVED"]
    asked = re.sub(r"[$]([1-4])", lambda number: f"'{found[int(number[1]) - 1]}'", tail)

    with connection.cursor() as cursor:
        cursor.execute(_COPIES, [other.pk])
        cursor.execute("ANALYZE orders_order")
        cursor.execute(f"EXPLAIN SELECT * FROM orders_order {asked}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert ("Index Scan using" in plan, "Seq Scan" in plan, "Sort" in plan) == (True, False, False), plan
    assert Order.objects.count() == 3002
