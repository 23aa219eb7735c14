"""Placing an order for somebody who has no account, once however often the button is pressed."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password

from altis.accounts.models import User
from altis.shared.actors import Actor
from altis.shared.errors import AltisError
from altis.shop.selectors import order_from
from offers.errors import OfferAlreadyAccepted
from orders.placing import Contact, Traveller
from orders.services.place import place_order

# RFC 2606: no mail server has it, so nobody can have a password sent there.
_DOMAIN = "visitor.invalid"


def address_of(visitor: str) -> str:
    """The address of a visitor's account: every account has one, and nobody reads this one's mail."""
    return f"{visitor}@{_DOMAIN}"


class _Arrival:
    """A Claim whose first statement makes the visitor's account: with the order it stands, or falls."""

    def __init__(self, visitor: str) -> None:
        self._visitor = visitor

    def open(self, *, resource: str = "") -> None:
        """Insert the account when this is the visitor's first order. Nobody can log in to it."""
        if User.objects.filter(pk=self._visitor).exists():
            return
        account = User(id=self._visitor, email=address_of(self._visitor), password=make_password(None))
        # A twin may be doing the same: it is waited for, and its account is as good.
        User.objects.bulk_create([account], ignore_conflicts=True)

    def adopt(self) -> None:
        """Nothing: no answer is kept, the offer itself can be accepted but once."""

    def seal(self, result: Any) -> None:
        """Nothing, as above."""

    def seal_problem(self, error: AltisError) -> None:
        """Nothing, as above."""


def book(*, offer_id: str, travellers: Sequence[Traveller], contact: Contact, actor: Actor, client: str) -> str:
    """The id of the order that is made of an offer; for the second half of a double click, of the one made before.

    Raises what `place_order` raises; after a refusal there is neither an order nor an account.
    """
    try:
        order = place_order(
            offer_id=offer_id,
            travellers=travellers,
            contact=contact,
            actor=actor,
            client=client,
            claim=_Arrival(actor.id),
        )
    except OfferAlreadyAccepted:
        return booked_before(offer_id=offer_id, actor=actor)
    return str(order.pk)


def booked_before(*, offer_id: str, actor: Actor) -> str:
    """The id of the order that the actor made of this offer; raises OfferAlreadyAccepted when it was somebody else."""
    mine = order_from(offer_id, actor.id)
    if mine is None:
        raise OfferAlreadyAccepted
    return mine
