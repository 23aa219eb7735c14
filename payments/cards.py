"""Recognising card numbers, so that none is ever kept. Pure."""

import re

_SEPARATORS = re.compile(r"[\s-]")
_DIGITS = re.compile(r"[0-9]{13,19}")


def looks_like_card_number(text: str) -> bool:
    """Whether the text is 13 to 19 digits, spaces and dashes aside, that pass the Luhn check (ISO/IEC 7812-1)."""
    digits = _SEPARATORS.sub("", text)
    return _DIGITS.fullmatch(digits) is not None and _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0
