"""Recognising card numbers, and fields that ask for a card's secrets, so that none is ever kept. Pure."""

import re
import unicodedata
from collections.abc import Iterator

_SHORTEST, _LONGEST = 13, 19
_SEPARATOR = r"[\s\-\u00ad\u200b-\u200d\u2010-\u2015\u2060\u2212\ufeff]"
_SEPARATORS = re.compile(f"{_SEPARATOR}+")
_DIGITS = re.compile(rf"[0-9]{{{_SHORTEST},{_LONGEST}}}")
# No letter may touch it: what is embedded in ids and gateways' tokens is theirs.
_RUN = re.compile(rf"(?<!\w)[0-9](?:{_SEPARATOR}{{0,3}}[0-9]){{{_SHORTEST - 1},}}(?!\w)")
# A text with more places to look at than this hides something.
_MOST_LOOKS = 200
# Beginnings and lengths that issuers use: ISO/IEC 7812-1 and the networks' published ranges.
_ISSUED = re.compile(
    r"1[0-9]{14}"  # UATP, the airlines' own
    r"|220[0-4][0-9]{12,15}|2131[0-9]{11}"  # Mir, JCB
    r"|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}|5[1-5][0-9]{14}"  # Mastercard
    r"|3[47][0-9]{13}|3[0689][0-9]{12,17}|35[0-9]{14,17}"  # American Express, Diners Club, JCB
    r"|4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"  # Visa
    r"|(?:5[06-8]|6[0-9])[0-9]{11,17}|8[12][0-9]{14,17}|9(?:792|860)[0-9]{12}"  # Maestro, Discover, UnionPay, RuPay, …
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_NOT_A_NAME = re.compile("[^a-z0-9]")
_LONGEST_NAME = 40
_FIELD_NAMES = (
    "cardnumber cardno cardnum creditcard creditcardnumber ccnumber ccnum pan primaryaccountnumber track1 track2"
    " cvv cvv2 cvc cvc2 cvn cvn2 cvd cid csc cav2 securitycode cardsecuritycode verificationvalue verificationcode"
    " cardverificationvalue cardverificationcode cardcvv cardcvc cardcode cccvv cccvc"
)
_FIELDS = frozenset(_FIELD_NAMES.split())


def looks_like_card_number(text: str) -> bool:
    """Whether the text is 13 to 19 digits, spaces and dashes aside, that pass the Luhn check (ISO/IEC 7812-1)."""
    if len(text) < _SHORTEST:
        return False
    digits = _SEPARATORS.sub("", _plain(text))
    return _DIGITS.fullmatch(digits) is not None and _luhn(digits)


def has_card_number(text: str) -> bool:
    """Whether the text is one, or has one between other words that also begins as issuers' numbers do."""
    if len(text) < _SHORTEST:
        return False
    plain = _plain(text)
    return looks_like_card_number(plain) or any(_hides_one(run[0]) for run in _RUN.finditer(plain))


def is_card_as_header(text: str) -> bool:
    """The same for ids that callers make up: what begins with 1 is a clock's reading far more often than a card."""
    digits = _SEPARATORS.sub("", text)
    return looks_like_card_number(text) and _ISSUED.fullmatch(digits) is not None


def is_card_field(name: str) -> bool:
    """Whether a field of this name asks for a card number or for a CVV, however it is spelled."""
    return len(name) <= _LONGEST_NAME and _NOT_A_NAME.sub("", name.lower()) in _FIELDS


def without_card_numbers(text: str, instead: str = "[card]") -> str:
    """The text with something else in the place of each card number."""
    return _RUN.sub(lambda run: instead if _hides_one(run[0]) else run[0], text)


def _plain(text: str) -> str:
    """Full-width, Arabic, circled … digits as ASCII."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(each)) if each.isdecimal() else each for each in unicodedata.normalize("NFKC", text)
    )


def _hides_one(run: str) -> bool:
    for looks, digits in enumerate(_windows(run)):
        if looks >= _MOST_LOOKS or (_ISSUED.fullmatch(digits) and _luhn(digits)):
            return True
    return False


def _windows(run: str) -> Iterator[str]:
    """All neighbouring groups of digits that together are as long as a card number."""
    groups = _SEPARATORS.split(run)
    for first in range(len(groups)):
        digits = ""
        for group in groups[first : first + _LONGEST]:
            digits += group
            if len(digits) > _LONGEST:
                break
            if len(digits) >= _SHORTEST:
                yield digits


def _luhn(digits: str) -> bool:
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(_DOUBLED[value] for value in values[1::2])) % 10 == 0
