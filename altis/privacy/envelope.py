"""AES-256-GCM envelopes: `v1|base64url(nonce 12 bytes, ciphertext, tag 16 bytes)`, bound to where they stand."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1|"
_NONCE_BYTES = 12
_TAG_BYTES = 16


class Tampered(Exception):
    """Not what was sealed here: changed, cut, moved to another place, or sealed under another key."""


def place(*parts: str) -> bytes:
    """The associated data `table|column|row pk|subject`; no two lists of parts give the same bytes."""
    text = "|".join(parts)
    if "\\" not in text and text.count("|") == len(parts) - 1:
        return text.encode()  # as always: ids and names of columns have nothing to be escaped
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts).encode()


def new_key() -> bytes:
    """A random 256-bit key."""
    return AESGCM.generate_key(256)


def encrypt(plaintext: bytes, key: bytes, aad: bytes) -> bytes:
    """Nonce, ciphertext and tag. The nonce is 96 random bits: good for 2^32 uses of a key (NIST SP 800-38D, 8.3)."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def decrypt(box: bytes, key: bytes, aad: bytes) -> bytes:
    """What `encrypt` was given; raises Tampered."""
    if len(box) < _NONCE_BYTES + _TAG_BYTES:
        raise Tampered
    try:
        return AESGCM(key).decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], aad)
    except InvalidTag as error:
        raise Tampered from error


def seal(plaintext: str, key: bytes, aad: bytes) -> str:
    """An envelope of printable ASCII."""
    box = encrypt(plaintext.encode(), key, aad)
    return _VERSION + base64.urlsafe_b64encode(box).rstrip(b"=").decode("ascii")


def open_sealed(envelope: str, key: bytes, aad: bytes) -> str:
    """What `seal` was given; raises Tampered for everything else, also for another spelling of the same bytes."""
    body = envelope.removeprefix(_VERSION)
    try:
        box = base64.urlsafe_b64decode(body.encode("ascii") + b"=" * (-len(body) % 4))
    except ValueError as error:
        raise Tampered from error
    # The decoder skips foreign characters and unused bits: only the one canonical spelling is ours.
    if _VERSION + base64.urlsafe_b64encode(box).rstrip(b"=").decode("ascii") != envelope:
        raise Tampered
    return decrypt(box, key, aad).decode()
