"""Caps on open holds: exact to the one, and free again as soon as a hold ends."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from altis.accounts.models import User
from altis.shared.actors import Actor
from catalog.models import Flight
from orders.errors import TooManyHolds
from orders.models import Order
from orders.services import limits
from orders.services.cancel import cancel_order
from orders.tasks import sweep_expired
from tests.conftest import Later
from tests.offers import market
from tests.orders.trips import nothing_happens, offer_for, pay_up, place, soon_after

pytestmark = pytest.mark.django_db(transaction=True)
CAP = 3


@pytest.fixture(autouse=True)
def _flight() -> Flight:
    market.make_bundles()
    return market.fly()


def _somebody(name: str) -> Actor:
    return Actor("user", User.objects.create_user(f"{name}@example.com", "correct horse battery").pk)


def test_a_customer_holds_as_many_as_the_cap_says_and_not_one_more(owner_actor: Actor, settings: Any) -> None:
    settings.ALTIS_OPEN_HOLDS = f"customer={CAP}"
    for number in range(CAP):
        place(offer_for(), owner_actor, client=f"address {number}")
    offer = offer_for()

    with nothing_happens(), pytest.raises(TooManyHolds):
        place(offer, owner_actor, client="another address")

    assert place(offer_for(), _somebody("other"), client="address 0").status == "PROPOSED"


def test_an_address_holds_as_many_as_the_cap_says_whoever_asks(settings: Any) -> None:
    settings.ALTIS_OPEN_HOLDS = f"ip={CAP}"
    for number in range(CAP):
        place(offer_for(), _somebody(str(number)), client="here")
    offer, newcomer = offer_for(), _somebody("new")

    with nothing_happens(), pytest.raises(TooManyHolds):
        place(offer, newcomer, client="here")

    assert place(offer_for(), newcomer, client="there").status == "PROPOSED"


def _cancel(order: Order, actor: Actor, later: Later) -> None:
    cancel_order(order_id=order.pk, actor=actor, reason="customer_cancelled")


def _expire(order: Order, actor: Actor, later: Later) -> None:
    later(soon_after(order))
    sweep_expired()
    later(0)


def _pay(order: Order, actor: Actor, later: Later) -> None:
    pay_up(order)


@pytest.mark.parametrize("end", [_cancel, _expire, _pay])
def test_a_hold_that_has_ended_frees_its_place(
    end: Callable[..., None], owner_actor: Actor, settings: Any, later: Later
) -> None:
    settings.ALTIS_OPEN_HOLDS = "customer=1,ip=1"
    order, second, third = place(offer_for(), owner_actor, client="here"), offer_for(), offer_for()

    end(order, owner_actor, later)

    assert place(second, owner_actor, client="here").status == "PROPOSED"
    with pytest.raises(TooManyHolds):
        place(third, owner_actor, client="here")


def test_each_count_has_an_index_that_the_other_cannot_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_order")  # or the plan hangs on what other tests left behind
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SET enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN (GENERIC_PLAN) {limits._COUNT.decode()}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("RESET enable_seqscan")
        cursor.execute("RESET enable_bitmapscan")

    used = re.findall(r"Scan using (\w+)", plan)
    assert used == ["order_open_by_owner", "order_open_by_client"]
