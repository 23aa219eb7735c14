"""A small world made through the product alone: orders in several statuses, with all that belongs to them."""

from dataclasses import dataclass

from django.db import connection, transaction

from altis.accounts.models import User
from altis.shared.actors import Actor
from catalog.models import Product
from offers.services.reject import reject_offer
from orders.models import Order
from orders.placing import Extra
from orders.services.cancel import cancel_order
from orders.services.expire import expire_all_due
from payments.models import Payment
from payments.services.refund import send_refunds
from tests.clients import user_client
from tests.offers import market
from tests.orders.trips import offer_for, place
from tests.payments.purchases import begin_and_confirm, begin_and_submit, event, post_event
from tests.races.threads import set_clock


@dataclass(frozen=True, slots=True)
class World:
    """Ids of orders, each named for its status or its fate, and of what else a corruption aims at."""

    proposed: str
    pending: str
    fulfilled: str
    expired: str
    cancelled: str
    refunded: str
    declined: str
    rejected: str  # an offer
    seats: int  # the inventory of the fulfilled order's first cabin

    def names(self) -> dict[str, object]:
        """By name, for the text of a corruption."""
        return {name: getattr(self, name) for name in self.__slots__}


def make_world() -> World:
    """Make it in the caller's transaction; the gateway must be there."""
    user = User.objects.create_user("world@example.com", "correct horse battery")
    actor = Actor("user", user.pk)
    _market()
    expired = place(offer_for(), actor)
    set_clock(1801)
    expire_all_due()
    set_clock(0)
    cancelled = place(offer_for(), actor, extras=[_seat("10A")])
    cancel_order(order_id=cancelled.pk, actor=actor, reason="customer_cancelled")
    rejected = reject_offer(offer_id=offer_for().id, actor=actor)
    trip = offer_for("adult", "infant", bundle="premium", ways=(("LHR", "JFK"), ("JFK", "LHR")))
    fulfilled = place(trip, actor, extras=[_seat("12A")])
    assert user_client(user).pay(fulfilled.pk, Idempotency_Key="world").json()["status"] == "FULFILLED"
    declined = place(offer_for(), actor)
    assert user_client(user).pay(declined.pk, "tok_stolen_card", Idempotency_Key="world").status_code == 402
    return World(
        proposed=place(offer_for(bundle="comfort"), actor, extras=[_seat("14C")]).pk,
        pending=begin_and_submit(place(offer_for(), actor)).order_id,
        fulfilled=fulfilled.pk,
        expired=expired.pk,
        cancelled=cancelled.pk,
        refunded=_paid_too_late(place(offer_for(), actor), actor).order_id,
        declined=declined.pk,
        rejected=rejected.pk,
        seats=fulfilled.items.exclude(inventory=None).order_by("position")[0].inventory_id or 0,
    )


def settle_constraints() -> None:
    """Check deferred constraints now, in the caller's transaction, so that its tables may be altered."""
    assert transaction.get_connection().in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _market() -> None:
    market.make_bundles()
    market.fly()
    market.fly("101", way=("JFK", "LHR"), day=market.soon(17))


def _seat(seat: str) -> Extra:
    return Extra(Product.objects.get(type="seat").pk, passenger=0, segment=0, seat=seat)


def _paid_too_late(order: Order, actor: Actor) -> Payment:
    """The gateway says no, the customer gives up, and then the money comes: it goes back."""
    payment = begin_and_confirm(order)
    post_event(event("payment.failed", payment, retryable=True))
    cancel_order(order_id=order.pk, actor=actor, reason="customer_cancelled")
    post_event(event("payment.captured", payment))
    assert send_refunds() == 1
    return payment
