"""Identifiers: sortable ids with a typed prefix, and the six-character order reference."""

import hashlib
import os
import re
import secrets
import time

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
# Two characters at a time: a busy process makes thousands of ids a second.
_PAIRS = [high + low for high in _CROCKFORD for low in _CROCKFORD]
_BODY = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
# No 0 O, 1 I L, 2 Z, 5 S, 8 B as pairs: of each look-alike group at most one is left.
REFERENCE_ALPHABET = "ACDEFGHJKMNPQRTUVWXY234679"
REFERENCE_LENGTH = 6


def _encode(value: int) -> str:
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in range(120, -1, -10)])


def new_id(prefix: str) -> str:
    """A new id such as `ord_01jd…`: 48 bits of milliseconds, then 80 random bits, in Crockford base 32 (ULID)."""
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10))
    return f"{prefix}_{_encode(value)}"


def derived_id(prefix: str, milliseconds: int, *parts: str) -> str:
    """The id that these parts always give; sorts by `milliseconds` (since 1970)."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()[:10]
    return f"{prefix}_{_encode((milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(digest))}"


def is_id(prefix: str, text: str) -> bool:
    """Whether `text` has the form of an id with this prefix; says nothing about existence."""
    head, _, body = text.partition("_")
    return head == prefix and _BODY.fullmatch(body) is not None


def new_reference() -> str:
    """A random order reference such as `K7QW4M`: six characters, none that looks like another."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH))
