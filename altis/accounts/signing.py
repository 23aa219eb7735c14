"""How tokens are signed: HS256 under our own key ring, for one issuer and one audience (RFC 8725)."""

import json
from functools import lru_cache
from typing import Any

import jwt
from django.conf import settings
from jwt.utils import base64url_decode
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from altis.privacy.keyring import newest, parse_ring

ALGORITHM = "HS256"
# Clocks of two hosts may differ by this much when one says "issued at"; the expiry has no such leeway.
_SKEW_SECONDS = 5
_REQUIRED = ["exp", "iat", "iss", "aud", "sub", "jti"]


class RingBackend(TokenBackend):
    """simplejwt's backend with a ring of keys instead of one: signs with the newest, verifies by `kid` with any."""

    def __init__(self, ring: str, audience: str, issuer: str) -> None:
        super().__init__(ALGORITHM, audience=audience, issuer=issuer)
        self.keys = parse_ring("ALTIS_SIGNING_KEYS", ring)

    def encode(self, payload: dict[str, Any]) -> str:
        """Sign, with audience, issuer and `kid`."""
        kid, key = newest(self.keys)
        claims = {**payload, "aud": self.audience, "iss": self.issuer}
        return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": kid})

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """The claims of a token that is ours and in time; raises TokenBackendError. `verify` is always on."""
        try:
            return jwt.decode(
                token,
                self.keys[_kid(token.partition(".")[0])],
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                leeway=_SKEW_SECONDS,
                options={"require": _REQUIRED, "strict_aud": True},
            )
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
            raise TokenBackendError("Token is invalid") from error


@lru_cache(maxsize=64)
def _kid(header: str) -> Any:
    """Which key a header names: tokens of one key share their header. The library judges it with all the rest."""
    return json.loads(base64url_decode(header))["kid"]


def backend() -> RingBackend:
    """The backend under the present settings; raises ImproperlyConfigured naming the variable."""
    return _backend(settings.ALTIS_SIGNING_KEYS, settings.ALTIS_TOKEN_AUDIENCE, settings.ALTIS_TOKEN_ISSUER)


def link_backend() -> RingBackend:
    """The same keys for the links in e-mails. Their audience is their own: neither passes for the other."""
    audience = f"{settings.ALTIS_TOKEN_AUDIENCE}:links"
    return _backend(settings.ALTIS_SIGNING_KEYS, audience, settings.ALTIS_TOKEN_ISSUER)


@lru_cache(maxsize=4)
def _backend(ring: str, audience: str, issuer: str) -> RingBackend:
    return RingBackend(ring, audience, issuer)
