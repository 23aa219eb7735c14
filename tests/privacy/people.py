"""A customer with a trip, and what of them can be read."""

from datetime import timedelta

from django.apps import apps

from altis.accounts.models import User
from altis.privacy import keys
from altis.privacy.errors import Unreadable
from altis.privacy.fields import EncryptedTextField
from altis.shared.actors import Actor, Cause
from altis.shared.clock import now
from catalog.models import Flight
from orders.models import Order
from payments.services.pay import pay_order
from tests.offers import market
from tests.orders.trips import offer_for, place
from tests.races.threads import set_clock

CAUSE = Cause(Actor("staff", "usr_clerk"), "person_asked")
EMAIL = "canary@example.com"


def make_customer(email: str = EMAIL) -> User:
    """Somebody with an account."""
    return User.objects.create_user(email, "correct horse battery")


def flown_order(user: User) -> Order:
    """An order that was paid for and flown, with its documents; the clock is set back."""
    order = paid_order(user)
    Order.objects.filter(pk=order.pk).update(arrives_at=now() - timedelta(days=2))
    order.refresh_from_db()
    return order


def paid_order(user: User) -> Order:
    """An order of two adults whose flight is ahead, FULFILLED."""
    order = held_order(user)
    pay_order(order_id=order.pk, token="tok_visa", actor=Actor("user", user.pk))
    order.refresh_from_db()
    assert order.status == "FULFILLED"
    return order


def held_order(user: User) -> Order:
    """An order that waits for its payment."""
    set_clock(0)
    if not Flight.objects.exists():
        market.make_bundles()
        market.fly()
    return place(offer_for("adult", "adult", bundle="comfort"), Actor("user", user.pk), client="a" * 64)


def readable() -> list[str]:
    """Every sealed column of every row that can be read now, as `table.column id`; past all memory."""
    keys.forget_all()
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                rows = model._default_manager.all()
                found += [f"{model._meta.db_table}.{field.column} {row.pk}" for row in rows if _reads(row, field.name)]
    return sorted(found)


def _reads(row: object, name: str) -> bool:
    try:
        return bool(getattr(row, name))
    except Unreadable:
        return False
