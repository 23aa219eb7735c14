"""What reading orders costs: round trips that do not grow with what is read, and an index for every look."""

import re

import pytest
from django.db import connection

from altis.accounts.models import User
from altis.privacy import keys
from altis.shared.actors import Actor
from catalog.models import Flight
from orders import selectors
from orders.models import Order
from tests.clients import ApiClient
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


@pytest.mark.parametrize("tail", [selectors._MINE, selectors._NEWEST, selectors._NEWEST_OF])
def test_among_many_orders_an_index_finds_them(owner_user: User, tail: str) -> None:
    order = bare_order(owner_user)
    other = bare_order(User.objects.create_user("many@example.com", "correct horse battery"))
    found = [order.pk, owner_user.pk] if tail == selectors._MINE else [owner_user.pk, "~", "50", "PROPOSED"]
    asked = re.sub(r"[$]([1-4])", lambda number: f"'{found[int(number[1]) - 1]}'", tail)

    with connection.cursor() as cursor:
        cursor.execute(_COPIES, [other.pk])
        cursor.execute("ANALYZE orders_order")
        cursor.execute(f"EXPLAIN SELECT * FROM orders_order {asked}")
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert ("Index Scan using" in plan, "Seq Scan" in plan, "Sort" in plan) == (True, False, False), plan
    assert Order.objects.count() == 3002
