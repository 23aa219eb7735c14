"""Every change of what staff can change is noted, with its author, page and reason, and nothing else pays for that."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction

from altis.accounts.models import User
from altis.audit.context import noting
from altis.audit.models import Change
from catalog.models import Flight, Product
from tests.clients import ApiClient
from tests.factories import make_bundle, make_flight, make_product, make_schedule
from tests.offers import market

pytestmark = pytest.mark.django_db


def _noted(relation: str) -> list[tuple[Any, ...]]:
    changes = Change.objects.filter(relation=relation).order_by("pk")
    return list(changes.values_list("act", "before", "after"))


def test_a_change_is_noted_with_before_and_after_who_where_and_why() -> None:
    product = make_product(price="35.00")

    with noting(staff="usr_1", page="/admin/catalog/product/", reason="new_season"):
        Product.objects.filter(pk=product.pk).update(base_price_minor=4000)

    change = Change.objects.get(relation="catalog_product", act="changed")
    assert (change.key, change.before, change.after) == (
        product.pk,
        {"base_price_minor": 3500},
        {"base_price_minor": 4000},
    )
    assert (change.staff, change.page, change.reason) == ("usr_1", "/admin/catalog/product/", "new_season")


def test_what_comes_and_goes_is_noted_whole() -> None:
    bundle = make_bundle("light")
    bundle.delete()

    (added, deleted) = _noted("catalog_bundle")
    assert (added[0], added[1], added[2]["discount_percent"]) == ("added", None, 10.0)
    assert (deleted[0], deleted[1]["code"], deleted[2]) == ("deleted", "light", None)


def test_a_change_by_hand_is_noted_without_an_author() -> None:
    fare = make_schedule().fares.get()

    with noting(staff="usr_1", page="/admin/"):
        pass
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_fare SET base_minor = 1 WHERE id = %s", [fare.pk])

    change = Change.objects.get(relation="catalog_fare", act="changed")
    assert (change.before, change.after, change.staff) == ({"base_minor": 20000}, {"base_minor": 1}, "")


def test_what_is_written_as_it_was_is_no_change() -> None:
    make_bundle("light").save()

    assert [act for act, _, _ in _noted("catalog_bundle")] == ["added"]


def test_what_is_rolled_back_leaves_nothing() -> None:
    product = make_product()

    with transaction.atomic():
        Product.objects.filter(pk=product.pk).update(name="Other")
        transaction.set_rollback(True)

    assert [act for act, _, _ in _noted("catalog_product")] == ["added"]


def test_of_people_only_what_they_may_do_is_noted() -> None:
    customer = User.objects.create_user("someone@example.com", "correct horse battery")
    Group.objects.create(name="Desk").user_set.add(customer)
    User.objects.filter(pk=customer.pk).update(password="x", last_login=None)
    User.objects.filter(pk=customer.pk).update(is_staff=True)

    assert _noted("accounts_user") == [("changed", {"is_staff": False}, {"is_staff": True})]
    assert [(act, after["user_id"]) for act, _, after in _noted("accounts_user_groups")] == [("added", customer.pk)]
    text = str(list(Change.objects.filter(relation="accounts_user").values_list("before", "after")))
    assert "email" not in text


def test_new_staff_are_noted() -> None:
    boss = User.objects.create_superuser("boss@example.com", "correct horse battery")

    assert _noted("accounts_user") == [
        ("added", None, {"id": boss.pk, "is_active": True, "is_staff": True, "is_superuser": True})
    ]


def test_rights_of_a_group_are_noted_when_staff_give_them() -> None:
    group = Group.objects.create(name="Desk")
    right = Permission.objects.get(codename="view_order")

    with noting(staff="usr_1", page="/admin/"):
        group.permissions.add(right)

    ((act, _, after),) = _noted("auth_group_permissions")
    assert (act, after["permission_id"], after["group_id"]) == ("added", right.pk, group.pk)


@pytest.mark.parametrize("statement", ["UPDATE audit_change SET staff = ''", "DELETE FROM audit_change"])
def test_nobody_rewrites_the_audit(statement: str) -> None:
    make_product()
    before = list(Change.objects.values_list())

    with (
        pytest.raises(IntegrityError, match="its rows are history"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert list(Change.objects.values_list()) == before


@pytest.mark.django_db(transaction=True)
def test_a_search_an_order_and_a_payment_write_nothing_here(guest: ApiClient, owner: ApiClient, gateway: Any) -> None:
    market.make_bundles()
    market.fly()
    before = Change.objects.count()

    slices = [{"origin": "LHR", "destination": "JFK", "departure_date": market.soon().isoformat()}]
    found = guest.post("/v1/offers/search", {"slices": slices, "passengers": [{"type": "adult"}]}).json()["offers"]
    order = owner.accept(found[0])
    paid = owner.pay(order.json()["id"])

    assert (order.status_code, paid.status_code) == (201, 200)
    assert Change.objects.count() == before


def test_flights_are_noted_when_something_befalls_them() -> None:
    flight = make_flight()
    Flight.objects.filter(pk=flight.pk).update(sales_open=False)

    assert _noted("catalog_flight") == [("changed", {"sales_open": True}, {"sales_open": False})]
