"""Voucher tokens: what a bag, a meal or a lounge visit is redeemed with. Signed, short, without personal data.

    AV1.<key id>.<base64url of the fields>.<base64url of HMAC-SHA256 over everything before this dot>

Fields: a JSON list of document id, product code, order reference, item id. Keys rotate: the newest signs, all
in the ring verify. About 170 characters, which an Aztec code of some 45 by 45 modules holds.
"""

import base64
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from typing import Final

from orders.barcodes import InvalidBarcode

VERSION: Final = "AV1"
MIN_KEY_BYTES: Final = 32
_TOKEN = re.compile(r"(AV1\.([0-9A-Za-z_-]{1,16})\.([0-9A-Za-z_-]{1,500}))\.([0-9A-Za-z_-]{43})")
_KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,16}")

KeyRing = Sequence[tuple[str, bytes]]  # (key id, key), newest first


class InvalidVoucher(InvalidBarcode):
    """Not a voucher, or not one that we signed. One message for both: a forger learns nothing."""

    message = "This is not a valid voucher."


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """What a voucher entitles to, by opaque ids."""

    document_id: str
    product_code: str
    order_reference: str
    item_id: str


def sign_voucher(voucher: Voucher, *, ring: KeyRing) -> str:
    """The token, signed with the newest key. Raises ValueError for an empty ring, a short key or a bad key id."""
    if not ring:
        raise ValueError("there is no key to sign with")
    key_id, key = ring[0]
    if _KEY_ID.fullmatch(key_id) is None or len(key) < MIN_KEY_BYTES:
        raise ValueError(f"a key has an id of 1 to 16 characters and at least {MIN_KEY_BYTES} bytes")
    body = json.dumps(astuple(voucher), separators=(",", ":")).encode("ascii")
    signed = f"{VERSION}.{key_id}.{_to_text(body)}"
    return f"{signed}.{_mac(signed, key)}"


def verify_voucher(token: str, *, ring: KeyRing) -> Voucher:
    """The voucher that the token stands for. Raises `InvalidVoucher`: malformed, unknown key, or altered."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise InvalidVoucher
    signed, key_id, body, mac = found.groups()
    key = next((key for known, key in ring if known == key_id), None)
    # The text is compared, not the bytes: base64 has several spellings of the same bytes, we accept one.
    if key is None or not hmac.compare_digest(mac, _mac(signed, key)):
        raise InvalidVoucher
    return _voucher(body)


def _voucher(body: str) -> Voucher:
    values = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return Voucher(**dict(zip((field.name for field in fields(Voucher)), values, strict=True)))


def _mac(signed: str, key: bytes) -> str:
    return _to_text(hmac.digest(key, signed.encode("ascii"), "sha256"))


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")
