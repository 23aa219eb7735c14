"""A customer gives up while the sweep takes the order away: it ends once, and its seats come back once."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from catalog.models import Hold
from orders.models import Order
from orders.services.cancel import cancel_order, let_go
from orders.services.expire import expire_all_due
from tests.api.threads import at_once
from tests.catalog.books import figures, gate
from tests.factories import cabin_of
from tests.offers import market
from tests.orders.books import contradictions
from tests.orders.trips import CAUSE, offer_for, place

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 20


def _sweep() -> str:
    """On a connection whose clock is half an hour ahead: for the customer the hold still goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('altis.clock_offset', '1801 seconds', false)")
        try:
            return "swept" if expire_all_due() else "nothing due"
        finally:
            cursor.execute("SELECT set_config('altis.clock_offset', '', false)")


def _one_round(order: Order, actor: Actor) -> set[str]:
    def cancel() -> str:
        try:
            return cancel_order(order_id=order.pk, actor=actor, reason="customer_cancelled").status
        except AltisError as error:
            return error.code

    sides: Iterator[Callable[[], str]] = iter((cancel, _sweep))

    def side() -> str:
        return next(sides)()

    return set(at_once(2, side))


def test_an_order_ends_once_and_its_seats_come_back_once(bundles: None, owner_actor: Actor) -> None:
    cabin = cabin_of(market.fly())
    orders = [place(offer_for(), owner_actor) for _ in range(ROUNDS)]

    told = []
    for order in orders:
        told.append(_one_round(order, owner_actor))
        _sweep()

    ends = [Order.objects.get(pk=order.pk).status for order in orders]
    assert set(ends) <= {"CANCELLED", "EXPIRED"}
    assert all(("CANCELLED" in words) == (end == "CANCELLED") for words, end in zip(told, ends, strict=True))
    assert set(Hold.objects.values_list("status", flat=True)) == {"RELEASED"}
    assert figures(cabin) == (0, 0, 1 + 2 * ROUNDS)
    assert gate(cabin) == {"base": "100", "ver": str(1 + 2 * ROUNDS)}
    assert contradictions() == {}


def test_control_a_sweep_that_does_not_look_again_shows_in_the_books(bundles: None, owner_actor: Actor) -> None:
    market.fly()
    order = place(offer_for(), owner_actor)
    due = list(Order.objects.filter(status="PROPOSED"))

    cancel_order(order_id=order.pk, actor=owner_actor, reason="customer_cancelled")
    with transaction.atomic():
        Order.objects.filter(pk__in=[row.pk for row in due]).update(status="EXPIRED")
        let_go([row.pk for row in due], cause=CAUSE)

    assert list(contradictions().values()) == [[order.pk]]
