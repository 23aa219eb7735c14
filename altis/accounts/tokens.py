"""Bearer tokens: guests and users get one, and `actor_of` says whose a token is.

A verified token is remembered for CACHE_SECONDS at most and never past its expiry: a user who is shut out, deleted or
has a new password is refused everywhere within that time.
"""

import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeGuard

from django.conf import settings
from rest_framework_simplejwt.exceptions import TokenBackendError
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import Token

from altis.accounts.models import User
from altis.accounts.signing import RingBackend, backend
from altis.privacy.blind import blind_index
from altis.privacy.cache import ExpiringCache
from altis.shared.actors import Actor
from altis.shared.clock import now
from altis.shared.errors import Unauthenticated
from altis.shared.ids import is_id, new_id
from altis.store.pipeline import put

CACHE_SECONDS = 5.0
MAX_BYTES = 4096
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
# Prepared and read as text, past the ORM: each customer's first request in five seconds asks this.
_USER = b"SELECT is_active, password FROM accounts_user WHERE id = $1"
_LAST_INSTANT = 253_402_300_799  # 9999-12-31T23:59:59Z, the last that datetime can hold
Verified = tuple[Actor, int]
# Module state because each request brings a token: bounded, five seconds old at most.
_verified: ExpiringCache[bytes, Verified] = ExpiringCache(capacity=20_000, seconds=CACHE_SECONDS)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a client is given: an access token, its expiry, and for users a refresh token."""

    access: str
    expires_at: datetime
    kind: Literal["guest", "user"]
    refresh: str | None = None


class _RingToken(Token):
    """A token of ours: signed with the ring, named by its type, about one subject."""

    def get_token_backend(self) -> RingBackend:
        """Our backend instead of simplejwt's single key."""
        return backend()

    @classmethod
    def about(cls, subject: str, **claims: str) -> "_RingToken":
        """A new token for a subject, with more claims."""
        token = cls()
        token.payload.update(sub=subject, **claims)
        return token

    @property
    def expires_at(self) -> datetime:
        """When it ends."""
        return datetime.fromtimestamp(self.payload["exp"], UTC)


class GuestToken(_RingToken):
    """For somebody without an account."""

    token_type = "guest"
    lifetime = timedelta(seconds=settings.ALTIS_ACCESS_TOKEN_SECONDS)


class AccessToken(_RingToken):
    """For a user."""

    token_type = "access"
    lifetime = timedelta(seconds=settings.ALTIS_ACCESS_TOKEN_SECONDS)


class RefreshToken(_RingToken):
    """Good for one new pair. Only its id is stored, never the token."""

    token_type = "refresh"
    lifetime = timedelta(seconds=settings.ALTIS_REFRESH_TOKEN_SECONDS)


def issue_guest() -> Pair:
    """A token for a new guest: an id and nothing else, no row is written."""
    token = GuestToken.about(new_id("gst"), kind="guest")
    return Pair(str(token), token.expires_at, "guest")


def issue_for(user: User, *, family: str = "") -> Pair:
    """A pair for a user. Refresh tokens that follow one another from one log-in share a `family`."""
    stamp = password_stamp(user.password)
    access = AccessToken.about(user.pk, kind="user", stamp=stamp)
    refresh = RefreshToken.about(user.pk, stamp=stamp)
    refresh["jti"] = f"{family or new_id('fam')}.{refresh['jti']}"
    OutstandingToken.objects.create(
        user=user, jti=refresh["jti"], created_at=refresh.current_time, expires_at=refresh.expires_at
    )
    return Pair(str(access), access.expires_at, "user", str(refresh))


def actor_of(raw: str) -> Actor:
    """Whose bearer token this is; raises Unauthenticated for every defect, without saying which."""
    if not _compact(raw):
        raise Unauthenticated
    known = remembered(raw)
    if known is None:
        claims = verified_claims(raw, "access", "guest")
        known = _actor(claims)
        _verified.put(_digest(raw), (known, claims["exp"]))
    return known


def remembered(raw: str) -> Actor | None:
    """Whose token (ASCII) this is, where that was verified less than CACHE_SECONDS ago; None where nothing is known.

    Raises Unauthenticated when it has expired since.
    """
    known = _verified.get(_digest(raw))
    if known is None:
        return None
    actor, expires = known
    if expires <= time.time():
        raise Unauthenticated
    return actor


def actors_of(raws: Sequence[str]) -> list[Actor | None]:
    """Whose tokens these are, None for each that `actor_of` would refuse; one query for all users among them."""
    claims = [_claims_or_none(raw) for raw in raws]
    ids = {one["sub"] for one in claims if one is not None and one["token_type"] == "access"}
    users = User.objects.only("is_active", "password").in_bulk([id for id in ids if is_id("usr", id)])
    found: list[Actor | None] = []
    for raw, one in zip(raws, claims, strict=True):
        actor = None if one is None else _actor_or_none(one, users)
        if one is not None and actor is not None:
            _verified.put(_digest(raw), (actor, one["exp"]))
        found.append(actor)
    return found


def verified_claims(raw: str, *kinds: str, by: RingBackend | None = None) -> dict[str, Any]:
    """The claims of a token of one of these types that is ours and in time; raises Unauthenticated.

    `by` is who verifies: the backend of bearer tokens, unless told otherwise.
    """
    if not _compact(raw):
        raise Unauthenticated
    try:
        claims = (by or backend()).decode(raw)
    except TokenBackendError as error:
        raise Unauthenticated from error
    well_formed = (
        claims.get("token_type") in kinds
        and type(claims["exp"]) is int
        and now().timestamp() < claims["exp"] <= _LAST_INSTANT
        and all(isinstance(claims[name], str) for name in ("sub", "jti"))
    )
    if not well_formed:
        raise Unauthenticated
    return claims


def active_user(claims: dict[str, Any]) -> User:
    """The user a token is about; raises Unauthenticated when gone, shut, or the password changed since."""
    if not is_id("usr", claims["sub"]):
        raise Unauthenticated
    user = User.objects.only("is_active", "password").filter(pk=claims["sub"]).first()
    if _lets_in(user, claims):
        return user
    raise Unauthenticated


def password_stamp(password_hash: str) -> str:
    """A short keyed digest of the stored hash: tokens carry it, and a new password ends them."""
    return blind_index(password_hash, "accounts.password-stamp")[:16]


def forget_verified() -> None:
    """Forget which tokens were verified, in this process: after shutting somebody out, and between tests."""
    _verified.clear()


def _lets_in(user: User | None, claims: dict[str, Any]) -> TypeGuard[User]:
    return user is not None and user.is_active and _stamped(claims, user.password)


def _stamped(claims: dict[str, Any], password_hash: str) -> bool:
    return bool(claims.get("stamp") == password_stamp(password_hash))


def _claims_or_none(raw: str) -> dict[str, Any] | None:
    try:
        return verified_claims(raw, "access", "guest")
    except Unauthenticated:
        return None


def _actor_or_none(claims: dict[str, Any], users: Mapping[str, User]) -> Actor | None:
    subject = claims["sub"]
    if claims["token_type"] == "access":
        return Actor("user", subject) if _lets_in(users.get(subject), claims) else None
    return Actor("guest", subject) if is_id("gst", subject) else None


def _digest(raw: str) -> bytes:
    return hashlib.sha256(raw.encode()).digest()


def _compact(raw: str) -> bool:
    # Before anything is decoded: three ASCII parts, and not long enough to hide a deep structure.
    return len(raw) <= MAX_BYTES and _COMPACT.fullmatch(raw) is not None


def _actor(claims: dict[str, Any]) -> Actor:
    subject = claims["sub"]
    if claims["token_type"] == "access":
        rows = put(_USER, subject).rows() if is_id("usr", subject) else []
        if [active for active, password in rows if _stamped(claims, str(password))] == ["t"]:
            return Actor("user", subject)
    elif is_id("gst", subject):
        return Actor("guest", subject)
    raise Unauthenticated
