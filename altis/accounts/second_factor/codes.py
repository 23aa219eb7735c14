"""The arithmetic of codes: TOTP (RFC 6238), six digits and 30 seconds, and recovery codes. No database, no clock."""

import base64
import binascii
import re
import secrets
from typing import Final
from urllib.parse import quote, urlencode

from django_otp.oath import TOTP

ISSUER: Final = "Altis"
RECOVERY_CODES: Final = 10
# One step either way: a telephone's clock is up to half a minute wrong, and typing takes time.
_TOLERANCE: Final = 1
_SECRET_BYTES: Final = 20  # as long as the hash, RFC 4226, 4
_DIGITS: Final = re.compile(r"[0-9]{6}")
_RECOVERY: Final = re.compile(r"[A-Z2-7]{16}")


def new_secret() -> str:
    """160 random bits in base32: 32 letters and digits."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def new_recovery_codes() -> list[str]:
    """Ten codes of 80 random bits, as `ABCD-EFGH-2345-6789`."""
    plain = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in plain]


def otpauth_uri(secret: str, account: str) -> str:
    """What an authenticator app reads from the picture."""
    label = quote(f"{ISSUER}:{account}", safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


def matching_step(secret: str, code: str, *, at: float, after: int) -> int | None:
    """The 30-second step that a six-digit code is of, when it is one of now and later than the step `after`.

    `at` is in Unix seconds. None for anything else, also for a secret that cannot be read any more.
    """
    if not _DIGITS.fullmatch(code):
        return None
    try:
        totp = TOTP(base64.b32decode(secret))
    except binascii.Error:
        return None
    totp.time = at
    return int(totp.t()) if secret and totp.verify(int(code), _TOLERANCE, after + 1) else None


def recovery_code(typed: str) -> str | None:
    """A recovery code in its one form, however it was typed; None when it is none."""
    plain = re.sub(r"[\s-]", "", typed).upper()
    return plain if _RECOVERY.fullmatch(plain) else None
