"""Parts of an order that somebody keeps with it are not asked for again."""

from typing import Any

import pytest

from altis.shared.actors import Actor
from catalog.models import Flight
from orders.api.presenters import present_order
from orders.models import Order
from tests.orders.trips import offer_for, place

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_placed_order_is_shown_without_a_query_and_as_it_is_read(
    flight: Flight, owner_actor: Actor, django_assert_num_queries: Any
) -> None:
    placed = place(offer_for("adult", "child"), owner_actor)

    with django_assert_num_queries(0):
        shown = present_order(placed)

    assert shown == present_order(Order.objects.get(pk=placed.pk))
    assert [len(shown[name]) for name in ("passengers", "documents")] == [2, 0]


def test_parts_that_nobody_keeps_are_asked_for_in_their_order(flight: Flight, owner_actor: Actor) -> None:
    placed = place(offer_for("adult", "child"), owner_actor)

    read = Order.objects.get(pk=placed.pk)

    assert [person.type for person in read.part("passengers")] == ["adult", "child"]
    assert read.part("items") == placed.part("items")
    read.keep(items=[])
    assert (read.part("items"), len(read.part("passengers"))) == ([], 2)
