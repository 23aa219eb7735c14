"""Who visits the shop: an id of their own, and the bookings that they were let in to, in one signed cookie.

The id is that of an account which does not exist before the first order is placed (services/book.py). It is given out
before a form is shown, so that both halves of a double click come from the same visitor.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from altis.shared.actors import Actor
from altis.shared.ids import is_id, new_id
from altis.shop.selectors import owner_of

SECONDS: Final = 24 * 3600
_SALT = "altis.shop.visit"
_MOST_BOOKINGS = 5


@dataclass(slots=True)
class Visit:
    """One browser's visit. `bookings` are orders of others that it may open: it knew reference and surname."""

    visitor: str = ""
    bookings: tuple[str, ...] = ()
    changed: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Visit":
        """The visit in the request's cookie; a new one when there is none, or it is forged or a day old."""
        try:
            told = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=_SALT, max_age=SECONDS)
        except signing.BadSignature:
            return cls()
        return cls(**told) if _is_visit(told) else cls()

    @property
    def actor(self) -> Actor:
        """Whoever visits, under an id that stays for the visit."""
        if not self.visitor:
            self.visitor, self.changed = new_id("usr"), True
        return Actor("guest", self.visitor)

    def actor_for(self, order_id: str) -> Actor:
        """Who they are to one order: its owner, where they were let in to it. Good for this order and no other."""
        owner = owner_of(order_id) if order_id in self.bookings else None
        return Actor("guest", owner) if owner else self.actor

    def admit(self, order_id: str) -> None:
        """Let them in to a booking."""
        others = [other for other in self.bookings if other != order_id]
        self.bookings, self.changed = (*others[1 - _MOST_BOOKINGS :], order_id), True

    def end(self) -> None:
        """Forget who it was: the next page is for somebody new."""
        self.visitor, self.bookings, self.changed = "", (), True

    def keep(self, response: HttpResponseBase) -> None:
        """Put the visit into the reply's cookie when it is new, or has changed; take it away when it has ended."""
        if not self.changed:
            return
        if not (self.visitor or self.bookings):
            response.delete_cookie(cookie_name(), samesite="Lax")
            return
        told = {"visitor": self.visitor, "bookings": list(self.bookings)}
        response.set_cookie(
            cookie_name(),
            signing.dumps(told, salt=_SALT),
            max_age=SECONDS,
            secure=settings.CSRF_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def cookie_name() -> str:
    """In production with the prefix by which browsers take it only over HTTPS, from this host."""
    return "__Host-visit" if settings.CSRF_COOKIE_SECURE else "visit"


def _is_visit(told: Any) -> bool:
    return (
        isinstance(told, dict)
        and told.keys() == {"visitor", "bookings"}
        and (told["visitor"] == "" or is_id("usr", told["visitor"]))
        and all(is_id("ord", one) for one in told["bookings"])
    )
