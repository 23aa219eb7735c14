"""Visitors who bought nothing are erased after a while; whoever bought, may still come back, or has a log-in stays."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from altis.accounts.models import User
from altis.privacy.models import ErasureLog
from altis.shared.actors import Actor
from altis.shared.clock import now
from altis.shop.services.forget_visitors import forget_visitors
from orders.models import Order, Passenger
from payments.services.give_back import give_back
from tests.conftest import Later
from tests.orders.trips import soon_after
from tests.payments.simulators import Simulator
from tests.shop.browsing import Browser, place_of

# A key is forgotten when the erasure is committed.
pytestmark = pytest.mark.django_db(transaction=True)
DAYS = 30 * 24 * 3600


def cancelled(visitor: Browser) -> str:
    """A booking that was given up; its owner."""
    order = visitor.hold()
    visitor.press(visitor.get(place_of(order)), place_of(order, "cancel"))
    return str(order.owner_id)


def test_visitor_whose_bookings_came_to_nothing_is_erased(visitor: Browser, later: Later) -> None:
    owner = cancelled(visitor)
    later(DAYS + 60)

    erased = [forget_visitors(), forget_visitors()]

    assert erased == [1, 0]
    account, log = User.objects.get(), ErasureLog.objects.get(pk=owner)
    assert (account.pk, account.is_active, account.email_index) == (owner, False, f"erased:{owner}")
    assert (log.actor, log.reason) == ("system:shop", "visit_long_over")
    assert set(Passenger.objects.values_list("name_index", flat=True)) == {""}


def test_visitor_stays_until_the_days_are_over(visitor: Browser, later: Later, settings: Settings) -> None:
    cancelled(visitor)
    later(DAYS - 60)

    assert forget_visitors() == 0
    settings.ALTIS_VISITOR_DAYS = 29
    assert forget_visitors() == 1


def test_visitor_who_came_again_stays_until_that_too_is_old(visitor: Browser, later: Later) -> None:
    owner, ago = cancelled(visitor), now() - timedelta(seconds=DAYS + 60)
    Order.objects.update(created_at=ago)
    User.objects.update(date_joined=ago)
    assert cancelled(visitor) == owner

    assert forget_visitors() == 0
    later(DAYS + 60)
    assert forget_visitors() == 1


def test_visitor_who_bought_stays(visitor: Browser, gateway: Simulator, later: Later) -> None:
    visitor.pay(visitor.hold())
    cancelled(visitor)
    later(DAYS + 60)

    assert forget_visitors() == 0
    assert User.objects.get().is_active


def test_visitor_whose_money_went_back_stays(visitor: Browser, gateway: Simulator, later: Later) -> None:
    order = visitor.hold()
    visitor.pay(order)
    give_back(order_id=order.pk, actor=Actor("staff", "usr_1"), reason="flight_cancelled")
    later(DAYS + 60)

    assert forget_visitors() == 0


def test_hold_that_nobody_has_ended_yet_stands_in_the_way(visitor: Browser, later: Later) -> None:
    order = visitor.hold()
    later(DAYS + soon_after(order))

    assert forget_visitors() == 0
    assert User.objects.get().is_active


def test_accounts_of_others_stay_also_without_password(visitor: Browser, later: Later) -> None:
    for address in ("ana@example.com", "usr_1@visitor.invalid"):
        User.objects.create_user(address, None)
    later(DAYS + 60)

    assert forget_visitors() == 0
    assert User.objects.filter(is_active=True).count() == 2


def test_one_run_erases_so_many_and_the_next_one_goes_on(visitor: Browser, later: Later) -> None:
    for _ in range(3):
        cancelled(Browser())
    later(DAYS + 60)

    assert [forget_visitors(most=2), forget_visitors(most=2), forget_visitors(most=2)] == [2, 1, 0]
