"""Erasing visitors who bought nothing: their names and addresses serve nobody any more.

Whoever paid is kept, as a customer with a password is: until they ask, or staff decide.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from altis.accounts.emails import index_of
from altis.accounts.models import User
from altis.privacy.services.erase import ErasureRefused, erase_person
from altis.shared.actors import system
from altis.shop.services.book import address_of
from altis.store.database import db_clock
from orders.lifecycle import OrderStatus
from orders.models import Order

MOST: Final = 500  # of one run: what is left is for the next one
_CHUNK: Final = 500
_CAME_TO_NOTHING: Final = (OrderStatus.EXPIRED, OrderStatus.CANCELLED)


def forget_visitors(*, most: int = MOST) -> int:
    """Erase visitors whose orders have all expired or were cancelled without a refund, `ALTIS_VISITOR_DAYS` ago.

    Returns how many. An order that is placed meanwhile is waited for, and then stands in the way of its owner.
    """
    before: datetime = db_clock() - timedelta(days=settings.ALTIS_VISITOR_DAYS)
    return sum(_erase(person) for person in islice(_long_gone(before), most))


def _long_gone(before: datetime) -> Iterator[str]:
    after = ""
    while accounts := _accounts(after, before):
        after = accounts[-1][0]
        # Nobody else's account has an address that is made of its id.
        visitors = [person for person, index in accounts if index == index_of(address_of(person))]
        kept = _kept(visitors, before)
        yield from (person for person in visitors if person not in kept)


def _accounts(after: str, before: datetime) -> list[tuple[str, str]]:
    """The next accounts that nobody can log in to, with their blind index; those who were erased are shut."""
    found = User.objects.filter(pk__gt=after, is_active=True, is_staff=False, date_joined__lt=before)
    nobody_logs_in = found.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk")
    return list(nobody_logs_in.values_list("pk", "email_index")[:_CHUNK])


def _kept(people: Sequence[str], before: datetime) -> set[str]:
    """Who of them has an order that came to something, or that is not old enough."""
    others = Order.objects.filter(owner__in=people).exclude(
        status__in=_CAME_TO_NOTHING, refunds=[], created_at__lt=before
    )
    return set(others.values_list("owner_id", flat=True))


def _erase(person: str) -> bool:
    try:
        erase_person(person=person, cause=system("shop", "visit_long_over"))
    except ErasureRefused:
        return False
    return True
