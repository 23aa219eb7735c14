"""The links in e-mails: signed, good for one purpose and one person, and for as long as that person stays the same.

A link carries a stamp of the password and the address that it was made for. Using a reset link, changing the password
or the address by other means, and shutting the account all end it; nothing is stored.
"""

import secrets
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import urlencode

from django.conf import settings

from altis.accounts.errors import InvalidLink
from altis.accounts.models import User
from altis.accounts.signing import link_backend
from altis.accounts.tokens import verified_claims
from altis.privacy.blind import blind_index
from altis.shared.clock import now
from altis.shared.errors import Unauthenticated
from altis.shared.ids import is_id

Purpose = Literal["verify", "reset"]
PATHS: Final[Mapping[Purpose, str]] = {"verify": "/account/verify", "reset": "/account/reset"}


def link_for(user: User, purpose: Purpose) -> str:
    """The address to send: our public one, whatever host a request may have named."""
    return f"{settings.ALTIS_PUBLIC_URL.rstrip('/')}{PATHS[purpose]}?{urlencode({'token': token_for(user, purpose)})}"


def token_for(user: User, purpose: Purpose) -> str:
    """The token of a link. As a bearer token it is worth nothing: its audience is another."""
    issued = int(now().timestamp())
    claims = {
        "token_type": purpose,
        "sub": user.pk,
        "jti": secrets.token_hex(8),
        "iat": issued,
        "exp": issued + lifetime(purpose),
        "stamp": _stamp(user, purpose),
    }
    return link_backend().encode(claims)


def person_of(token: str, purpose: Purpose) -> User:
    """The active user whose link this is; raises InvalidLink for every defect, without saying which."""
    try:
        claims = verified_claims(token, purpose, by=link_backend())
    except Unauthenticated as error:
        raise InvalidLink.at("/token") from error
    user = User.objects.filter(pk=claims["sub"], is_active=True).first() if is_id("usr", claims["sub"]) else None
    if user is None or claims.get("stamp") != _stamp(user, purpose):
        raise InvalidLink.at("/token")
    return user


def lifetime(purpose: Purpose) -> int:
    """For how many seconds a link can be used."""
    seconds: int = settings.ALTIS_VERIFY_LINK_SECONDS if purpose == "verify" else settings.ALTIS_RESET_LINK_SECONDS
    return seconds


def _stamp(user: User, purpose: Purpose) -> str:
    return blind_index(f"{user.password}\x00{user.email_index}", f"accounts.link.{purpose}")[:32]
