"""BCBP text → BoardingPass. Strict: every character is accounted for, or the whole text is refused."""

import re
from collections.abc import Sequence

from orders.barcodes.fields import (
    AIRLINE_USE,
    HEAD,
    LEG,
    MAX_LEGS,
    ONCE,
    REPEATED,
    SECURITY_DATA,
    SECURITY_MARK,
    SECURITY_TYPE,
    VERSION,
    VERSION_MARK,
    BoardingPass,
    Details,
    Field,
    InvalidBarcode,
    Leg,
    Security,
)

_PRINTABLE = re.compile(r"[ -~]*")
_SIZE = re.compile(r"[0-9A-F]{2}")


def decode(text: str) -> BoardingPass:
    """What the barcode says. Raises `InvalidBarcode` for anything that is not exactly a BCBP of format M.

    Refused: characters outside printable ASCII, another format, 0 or more than 4 legs, a section whose size
    is not hexadecimal, ends within a field or beyond the text, a value its field may not hold, trailing text.
    """
    if _PRINTABLE.fullmatch(text) is None:
        raise InvalidBarcode("A barcode is printable ASCII.")
    cursor = _Cursor(text)
    if cursor.take(1, "format") != "M":
        raise InvalidBarcode("The format is not M.")
    count = cursor.take(1, "number of legs")
    if count not in [str(number + 1) for number in range(MAX_LEGS)]:
        raise InvalidBarcode(f"The number of legs is not 1 to {MAX_LEGS}.")
    head = cursor.fields(HEAD)
    details, first = _first_leg(cursor)
    others = [_leg(cursor.fields(LEG), cursor.section("leg")) for _ in range(int(count) - 1)]
    security = _security(cursor)
    if cursor.left:
        raise InvalidBarcode("There is text after the end.")
    return BoardingPass(**head, legs=(first, *others), details=details, security=security)


class _Cursor:
    """Reads a text from left to right and never past its end."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, width: int, what: str) -> str:
        if len(self.left) < width:
            raise InvalidBarcode(f"The text ends within: {what}.")
        taken, self.left = self.left[:width], self.left[width:]
        return taken

    def rest(self) -> str:
        return self.take(len(self.left), "the rest")

    def section(self, what: str) -> "_Cursor":
        """The section that its size announces, as a text of its own."""
        size = self.take(2, f"size of {what}")
        if _SIZE.fullmatch(size) is None:
            raise InvalidBarcode(f"Not a hexadecimal number: size of {what}.")
        return _Cursor(self.take(int(size, 16), what))

    def fields(self, fields: Sequence[Field]) -> dict[str, str]:
        return {field.name: _checked(field, self.take(field.width, field.name)) for field in fields}

    def leading_fields(self, fields: Sequence[Field], what: str) -> dict[str, str]:
        """As many whole fields as the text holds; a section may stop early, but not within a field."""
        values: dict[str, str] = {}
        for field in fields:
            if not self.left:
                break
            values |= self.fields([field])
        if self.left:
            raise InvalidBarcode(f"Longer than its fields: {what}.")
        return values


def _first_leg(cursor: _Cursor) -> tuple[Details | None, Leg]:
    values = cursor.fields(LEG)
    section = cursor.section("leg")
    if not section.left:
        return None, _leg(values, section)
    if section.take(1, "version") != VERSION_MARK:
        raise InvalidBarcode("The version's mark is missing.")
    version = section.fields([VERSION])
    once = section.section("details").leading_fields(ONCE, "details")
    return Details(**version, **once), _leg(values, section)


def _leg(values: dict[str, str], section: _Cursor) -> Leg:
    if not section.left:
        return Leg(**values)
    repeated = section.section("conditional fields").leading_fields(REPEATED, "conditional fields")
    return Leg(**values, **repeated, airline_use=_checked(AIRLINE_USE, section.rest()))


def _security(cursor: _Cursor) -> Security | None:
    if not cursor.left.startswith(SECURITY_MARK):
        return None
    cursor.take(1, "security")
    kind = cursor.fields([SECURITY_TYPE])
    data = cursor.section("security data").rest()
    return Security(**kind, **{SECURITY_DATA.name: data})  # its spaces count: a signature is over bytes


def _checked(field: Field, raw: str) -> str:
    value = raw.rstrip(" ")
    if not field.accepts(value):
        raise InvalidBarcode(f"Not a value of its field: {field.name}.")
    return value
