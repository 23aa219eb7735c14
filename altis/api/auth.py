"""Who calls: the bearer token of a request becomes an Actor, and the token's kind decides what it may call."""

from dataclasses import dataclass
from typing import Any, cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from altis.accounts.tokens import actor_of
from altis.api.problems import CHALLENGE
from altis.shared.actors import Actor
from altis.shared.errors import Forbidden, Unauthenticated


class UserTokenRequired(Forbidden):
    """A guest called what only a user may call."""

    code = "user_token_required"
    message = "Log in first: a guest token may not do that."


@dataclass(frozen=True, slots=True)
class AuthenticatedActor:
    """What DRF calls the user of a request; `actor` is all that services want."""

    actor: Actor
    is_authenticated: bool = True
    is_active: bool = True

    @property
    def pk(self) -> str:
        """The token's subject."""
        return self.actor.id


def caller_of(request: Request) -> Actor | None:
    """Whose token the request brought; None in a public view."""
    return cast("Actor | None", request.auth)


class BearerAuthentication(BaseAuthentication):
    """Exactly one `Authorization: Bearer <token>`; anything else is 401, with one body for every cause."""

    def authenticate(self, request: Request) -> tuple[AuthenticatedActor, Actor]:
        """The caller and, as `request.auth`, the actor; raises Unauthenticated."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer" or not token or not token.isascii() or " " in token:
            raise Unauthenticated
        actor = actor_of(token)
        return AuthenticatedActor(actor), actor

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401."""
        return CHALLENGE


class AnyToken(BasePermission):
    """Guests and users alike, unless the view needs a user; decided before anything is looked up."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """True, or raises UserTokenRequired."""
        if view.public:
            return True
        caller = caller_of(request)
        if view.needs_user and (caller is None or caller.kind == "guest"):
            raise UserTokenRequired
        return True
