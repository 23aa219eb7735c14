"""Key rings from the environment: `kid:base64,kid2:base64`, the newest first. The newest locks, all of them open."""

import base64
import binascii
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
_KID = re.compile(r"[A-Za-z0-9._-]{1,32}")


def ring(name: str) -> Mapping[str, bytes]:
    """The ring in the setting `name`, newest key first; raises ImproperlyConfigured naming the setting."""
    return parse_ring(name, getattr(settings, name, ""))


def wrapping_keys() -> Mapping[str, bytes]:
    """The keys that lock data keys: AES-256 takes 32 bytes, no more and no fewer."""
    keys = ring("ALTIS_KEK_RING")
    if any(len(key) != KEY_BYTES for key in keys.values()):
        raise ImproperlyConfigured(f"ALTIS_KEK_RING: every key must have exactly {KEY_BYTES} bytes")
    return keys


def newest(keys: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The key id and key that lock what is written from now on."""
    return next(iter(keys.items()))


@lru_cache(maxsize=16)
def parse_ring(name: str, text: str) -> Mapping[str, bytes]:
    """Parse a ring; `name` is for the messages, which never repeat a key. Raises ImproperlyConfigured."""
    keys: dict[str, bytes] = {}
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        kid, _, encoded = part.partition(":")
        if not _KID.fullmatch(kid):
            raise ImproperlyConfigured(f"{name}: every entry is `kid:key`, the kid of letters, digits and ._-")
        if kid in keys:
            raise ImproperlyConfigured(f"{name}: the kid {kid} occurs twice")
        keys[kid] = parse_key(f"{name}: key {kid}", encoded)
    if not keys:
        raise ImproperlyConfigured(f"{name} must be set")
    if len(set(keys.values())) < len(keys):
        raise ImproperlyConfigured(f"{name}: the same key occurs under two kids")
    return MappingProxyType(keys)


def parse_key(name: str, encoded: str) -> bytes:
    """A key from base64 (both alphabets, padded or not); raises ImproperlyConfigured below 32 bytes."""
    text = encoded.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is not base64") from error
    if len(key) < KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must have at least {KEY_BYTES} bytes")
    return key
