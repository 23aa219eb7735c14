"""Identifiers: sortable ids with a typed prefix, and the six-character order reference."""

import hashlib
import os
import re
import time
from functools import lru_cache

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
# Two characters at a time: a busy process makes thousands of ids a second.
_PAIRS = [high + low for high in _CROCKFORD for low in _CROCKFORD]
_FIVE_BITS = (_CROCKFORD * 8).encode()
_BODY = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
# No 0 O, 1 I L, 2 Z, 5 S, 8 B as pairs: of each look-alike group at most one is left.
REFERENCE_ALPHABET = "ACDEFGHJKMNPQRTUVWXY234679"
REFERENCE_LENGTH = 6
# Random bytes as letters, each as often as any other: what is left of the 256 above a whole number of alphabets goes.
_LETTERS = bytes(ord(REFERENCE_ALPHABET[byte % len(REFERENCE_ALPHABET)]) for byte in range(256))
_SURPLUS = bytes(range(256 - 256 % len(REFERENCE_ALPHABET), 256))


def _encode(value: int) -> str:
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in range(120, -1, -10)])


@lru_cache(maxsize=4)
def _instant(milliseconds: int) -> str:
    """The first ten characters of an id: two bits that are zero, and 48 bits of milliseconds."""
    return _encode((milliseconds & (1 << 48) - 1) << 80)[:10]


def new_id(prefix: str) -> str:
    """A new id such as `ord_01jd…`: 48 bits of milliseconds, then 80 random bits, in Crockford base 32 (ULID)."""
    # Of each random byte five bits count: one character.
    return f"{prefix}_{_instant(time.time_ns() // 1_000_000)}{os.urandom(16).translate(_FIVE_BITS).decode()}"


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
    drawn = b""
    while len(drawn) < REFERENCE_LENGTH:  # as good as always once
        drawn = os.urandom(4 * REFERENCE_LENGTH).translate(_LETTERS, _SURPLUS)
    return drawn[:REFERENCE_LENGTH].decode()
