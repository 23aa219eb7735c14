"""Sealed text that no longer opens is found, wherever it stands; but not what belongs to the erased."""

import secrets

import pytest
from django.db import connection
from pytest_django import Settings

from altis.accounts.models import User
from altis.insight.invariants import numbered
from altis.insight.services.check import check_invariants
from altis.insight.services.report import Scope
from altis.privacy import keys
from altis.privacy.models import SubjectKey
from altis.privacy.services.erase import erase_person
from altis.store.models import IdempotencyKey
from orders.models import Document, Order, Passenger
from tests.clients import user_client
from tests.payments.simulators import Simulator
from tests.privacy.people import CAUSE, flown_order, held_order, make_customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user(gateway: Simulator) -> User:
    return make_customer()


@pytest.fixture
def order(user: User) -> Order:
    return flown_order(user)


def broken(scope: Scope = Scope.EVERYTHING) -> list[str]:
    [finding] = check_invariants(scope=scope, invariants=numbered("I25")).findings
    return list(finding.ids)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount


@pytest.mark.parametrize("scope", Scope)
def test_a_sound_world_opens(order: Order, scope: Scope) -> None:
    assert broken(scope) == []


@pytest.mark.parametrize("scope", Scope)
def test_swapped_names_are_found(order: Order, scope: Scope) -> None:
    run("UPDATE orders_passenger SET given_name = family_name WHERE position = 0")

    assert broken(scope) == [f"orders_passenger.given_name {Passenger.objects.get(position=0).pk}"]


def test_a_damaged_document_address_and_contact_are_found(order: Order, user: User) -> None:
    run("UPDATE orders_document SET payload = 'M1CLEAR/TEXT' WHERE position = 0")
    run("UPDATE accounts_user SET email = left(email, -1)")
    run("UPDATE orders_order SET contact_phone = contact_email")

    document = Document.objects.get(position=0)
    assert broken() == [
        f"accounts_user.email {user.pk}",
        f"orders_order.contact_phone {order.pk}",
        f"orders_document.payload {document.pk}",
    ]


def test_a_kept_answer_that_was_moved_is_found(user: User) -> None:
    order = held_order(user)
    assert user_client(user).pay(order.pk, Idempotency_Key="k").status_code == 200
    assert broken() == []

    run("UPDATE store_idempotencykey SET key = 'another'")

    assert broken() == [f"store_idempotencykey.body {IdempotencyKey.objects.get().pk}"]


def test_a_lost_data_key_is_found_and_an_erased_one_is_not(order: Order) -> None:
    lost, erased = order.passengers.order_by("position")
    erase_person(person=erased.pk, cause=CAUSE)
    SubjectKey.objects.filter(pk=lost.pk).delete()

    found = broken()

    assert {each for each in found if not each.startswith("orders_document")} == {
        f"orders_passenger.{column} {lost.pk}" for column in ("given_name", "family_name", "born_on")
    }
    assert [each for each in found if erased.pk in each] == []


def test_a_key_outside_the_ring_is_found(user: User, settings: Settings) -> None:
    settings.ALTIS_KEK_RING = f"k9:{secrets.token_urlsafe(32)}"
    keys.forget_all()

    assert broken() == [user.pk, f"accounts_user.email {user.pk}"]
