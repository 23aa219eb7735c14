"""Webhook signatures: HMAC-SHA256 over the time and the raw body, compared in constant time."""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from altis.shared.errors import Malformed

MAX_HEADER_CHARS: Final = 1024
TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
HEX_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class InvalidSignature(Malformed):
    """The header cannot be read, or no secret of ours made it."""

    code = "invalid_signature"
    message = "The webhook signature is missing or does not match the body."


class StaleSignature(Malformed):
    """The signature is ours, but too far from now to rule out a replay."""

    code = "stale_signature"
    message = "The webhook signature is too old or lies in the future."


@dataclass(frozen=True, slots=True)
class _Header:
    """What a readable header says: the signed time as written, and every v1 candidate."""

    timestamp: str
    digests: tuple[str, ...]


def sign(body: bytes, secret: str, at: int) -> str:
    """Header value ``t=<at>,v1=<hex>`` for the raw body at a Unix time in seconds (docs/api.md, Payments)."""
    return f"t={at},v1={_digest(body, secret, str(at))}"


def verify(header: str, body: bytes, secrets: Sequence[str], now: int, tolerance: int = 300) -> None:
    """Accept a header that any secret signed within ``tolerance`` seconds of the Unix time ``now``.

    Several secrets allow rotation, several ``v1`` entries allow a sender to rotate.
    Raises InvalidSignature for an unreadable or foreign header, StaleSignature for one of ours outside the window.
    """
    parsed = _parse(header)
    # A list, not a generator: every pair is compared, so the time taken does not tell which secret came close.
    matches = [
        hmac.compare_digest(_digest(body, secret, parsed.timestamp), candidate)
        for secret in secrets
        if secret  # anybody can sign with an empty secret
        for candidate in parsed.digests
    ]
    if not any(matches):
        raise InvalidSignature
    if abs(now - int(parsed.timestamp)) > tolerance:
        raise StaleSignature


def _digest(body: bytes, secret: str, timestamp: str) -> str:
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()


def _parse(header: str) -> _Header:
    if len(header) > MAX_HEADER_CHARS or not header.isascii():
        raise InvalidSignature
    pairs = [part.strip().partition("=") for part in header.split(",")]
    timestamps = [value for name, _, value in pairs if name == "t"]
    digests = tuple(value for name, _, value in pairs if name == "v1" and HEX_DIGEST.fullmatch(value))
    # Two times would leave open which one was signed; unknown names are schemes of tomorrow and are skipped.
    if len(timestamps) != 1 or not TIMESTAMP.fullmatch(timestamps[0]) or not digests:
        raise InvalidSignature
    return _Header(timestamp=timestamps[0], digests=digests)
