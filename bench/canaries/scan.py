"""Looks for canaries in a text: in clear and in every disguise that software gives to text.

How it avoids false alarms: the mark in all names, addresses and passwords is seven letters that no word has; a phone
number must be one that was given out and must stand alone; a birthday is looked up; of card numbers the given ones
count wherever they stand, and others when they stand alone, pass Luhn, and do not begin with 1, as clocks' readings do.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.canaries.people import MARK, PHONE_HEAD, birthday, luhn

_AROUND = 40
_SPACE = r"[ \-().]{0,2}"
_PHONE = re.compile(_SPACE.join(PHONE_HEAD) + rf"{_SPACE}(\d){_SPACE}(\d){_SPACE}(\d)(?![0-9A-Za-z])")
_PHONE_REVERSED = re.compile(rf"(?<![0-9A-Za-z])(\d)(\d)(\d){PHONE_HEAD[::-1]}")
_BIRTHDAY = re.compile(r"(?<![0-9A-Za-z])(19[345]\d)[-./]?([01]\d)[-./]?([0-3]\d)(?![0-9A-Za-z])")
_DIGITS = re.compile(r"\d(?:[ -]?\d){12,}")
_ALONE = re.compile(r"(?<![\w.+-])[2-9]\d{12,18}(?![\w-]|\.\d)")
_TOKEN = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}")
_PACKED = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_BEFORE_PHONE = re.compile(r"(?:^|[^0-9A-Za-z])(?:\+?44|0044|0)?[ \-().]{0,3}$")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that should not be there: what kind, and the text around it."""

    kind: str
    around: str


def _packed(text: str) -> Iterator[str]:
    """What is sure to stand in base64, wherever in the packed bytes the text begins."""
    for shift in range(3):
        raw = b"\0" * shift + text.encode()
        whole = len(raw) - len(raw) % 3
        encoded = base64.b64encode(raw[:whole]).decode()
        yield encoded[(0, 2, 3)[shift] if shift else 0 :][: None if shift else len(encoded)]


_SPELLINGS = (MARK, MARK.upper(), MARK.lower())
_IN_ANY_CASE = (
    MARK.lower(),
    MARK.lower()[::-1],
    *(spelling.encode().hex() for spelling in _SPELLINGS),
    *("".join(f"%{ord(each):02x}" for each in spelling) for spelling in _SPELLINGS),
    *("".join(f"\\u{ord(each):04x}" for each in spelling) for spelling in _SPELLINGS),
    *("".join(f"\\x{ord(each):02x}" for each in spelling) for spelling in _SPELLINGS),
    *("\0".join(spelling.lower()) for spelling in _SPELLINGS[:1]),
    *("".join(f"&#{ord(each)};" for each in spelling) for spelling in _SPELLINGS),
)
_AS_IT_IS = tuple({each for spelling in _SPELLINGS for each in _packed(spelling)})


class Scanner:
    """Knows who and which numbers were sent."""

    def __init__(self, *, people: int, cards: Iterable[str]) -> None:
        self._people = people
        self._birthdays = {birthday(number) for number in range(people)}
        self._cards = frozenset(cards)
        self._lengths = sorted({len(card) for card in self._cards})

    def scan(self, text: str, *, unpack: bool = False) -> list[Hit]:
        """Every hit; with `unpack` also inside of what looks like base64."""
        found = [*self._marks(text), *self._numbers(text), *self._dates(text), *self._tokens(text)]
        if unpack:
            found += self.scan("\n".join(_unpacked(packed[0]) for packed in _PACKED.finditer(text)))
        return found

    def _marks(self, text: str) -> Iterator[Hit]:
        lowered = text.lower()
        for form in _IN_ANY_CASE:
            yield from self._found("person", lowered, form)
        for form in _AS_IT_IS:
            yield from self._found("person", text, form)

    def _found(self, kind: str, text: str, form: str) -> Iterator[Hit]:
        place = text.find(form)
        while place >= 0:
            yield _hit(kind, text, place)
            place = text.find(form, place + len(form))

    def _numbers(self, text: str) -> Iterator[Hit]:
        for match in _PHONE.finditer(text):
            given = int("".join(match.groups())) < self._people
            if given and _BEFORE_PHONE.search(text[max(0, match.start() - 8) : match.start()]):
                yield _hit("phone", text, match.start())
        for match in _PHONE_REVERSED.finditer(text):
            if int("".join(match.groups())[::-1]) < self._people:
                yield _hit("phone", text, match.start())
        for match in _DIGITS.finditer(text):
            if self._has_card("".join(str(int(each)) for each in match[0] if each.isdecimal())):
                yield _hit("card", text, match.start())
        for match in _ALONE.finditer(text):
            if luhn(match[0]):
                yield _hit("card-like", text, match.start())

    def _has_card(self, digits: str) -> bool:
        return any(
            digits[start : start + length] in self._cards
            for length in self._lengths
            for start in range(len(digits) - length + 1)
        )

    def _dates(self, text: str) -> Iterator[Hit]:
        for match in _BIRTHDAY.finditer(text):
            if "-".join(match.groups()) in self._birthdays:
                yield _hit("birthday", text, match.start())

    def _tokens(self, text: str) -> Iterator[Hit]:
        for match in _TOKEN.finditer(text):
            yield _hit("token", text, match.start())


def _hit(kind: str, text: str, place: int) -> Hit:
    return Hit(kind, text[max(0, place - _AROUND) : place + _AROUND].replace("\n", " "))


def _unpacked(text: str) -> str:
    standard = text.rstrip("=").replace("-", "+").replace("_", "/")
    standard = standard[: len(standard) - (len(standard) % 4 == 1)]
    return base64.b64decode(standard + "=" * (-len(standard) % 4)).decode("utf-8", "replace")
