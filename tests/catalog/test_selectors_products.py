"""Products and bundles as they stand on sale."""

from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from altis.shared.money import Money
from catalog.selectors import bundles, flight_products, product_map, products
from tests.factories import make_bundle, make_flight_products, make_product

pytestmark = pytest.mark.django_db


def test_products_on_sale_are_listed_by_type() -> None:
    bag = make_product("bag", price="35.00")
    make_product("bag", active=False)
    make_product("meal")

    [view] = products("bag")

    assert (view.id, view.code, view.base_price) == (bag.id, bag.code, Money.of("35.00", "USD"))
    assert [view.type for view in products()] == ["bag", "meal"]


def test_the_map_knows_products_that_are_no_longer_on_sale() -> None:
    gone = make_product("bag", active=False)

    assert product_map()[gone.id].active is False


def test_flight_products_are_found_by_cabin() -> None:
    made = make_flight_products()

    assert {cabin: view.id for cabin, view in flight_products().items()} == {
        cabin: product.id for cabin, product in made.items()
    }


def test_a_bundle_comes_with_its_products_and_conditions() -> None:
    bag, meal = make_product("bag"), make_product("meal", active=False)
    make_bundle("comfort", items={bag: 2, meal: 1}, refundable=True, refund_penalty_minor=7500)

    [view] = bundles()

    assert (view.code, view.name, view.discount_percent) == ("comfort", "Comfort Bundle", Decimal("10.00"))
    assert (view.refundable, view.refund_penalty) == (True, Money.of("75.00", "USD"))
    assert (view.changeable, view.change_penalty) == (False, Money(0, "USD"))
    assert [(item.id, quantity, item.active) for item, quantity in view.items] == [
        (bag.id, 2, True),
        (meal.id, 1, False),
    ]


def test_bundles_on_sale_come_in_their_order_in_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for code, position, active in (("b", 2, True), ("a", 1, True), ("c", 3, False)):
        make_bundle(code, items={make_product("bag"): 1}, position=position, active=active)

    with django_assert_num_queries(2):
        views = bundles()

    assert [view.code for view in views] == ["a", "b"]
