"""The canaries: people whose every datum is unmistakable, and card numbers of all schemes."""

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

MARK = "Zqavixu"  # in no word, and seven letters long: by chance it hardly ever stands in a ciphertext
PHONE_HEAD = "7700900"  # of the British numbers that are set aside for fiction
MOST_PEOPLE = 1000
_CONSONANTS, _VOWELS = "bdfgklmnprst", "aeiou"
_TAILS = ("", "-Ñúñez", " O'Day", "ová", " van der Berg")
_ISSUED = (  # the first digits of a scheme, and how long its numbers are
    ("4", 13), ("4", 16), ("4", 19), ("51", 16), ("55", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15),
    ("36", 14), ("38", 14), ("300", 14), ("6011", 16), ("65", 16), ("3528", 16), ("3589", 16), ("62", 16), ("62", 19),
    ("81", 16), ("50", 13), ("5018", 16), ("67", 19), ("2200", 16), ("9792", 16), ("1", 15),
)  # fmt: skip
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class Person:
    """Everything that somebody tells us about themselves."""

    number: int
    given_name: str
    family_name: str
    email: str
    phone: str
    born_on: str
    password: str = field(default_factory=lambda: f"{MARK}-{secrets.token_hex(12)}")

    def traveller(self) -> dict[str, str]:
        """As a passenger of an order."""
        return {"given_name": self.given_name, "family_name": self.family_name, "born_on": self.born_on}

    def contact(self) -> dict[str, str]:
        """As the contact of an order."""
        return {"email": self.email, "phone": self.phone}


def person(number: int) -> Person:
    """The person of this number, always the same but for the password."""
    word = _word(number)
    return Person(
        number=number,
        given_name=f"{MARK}{word}",
        family_name=f"{MARK}{_word(number + MOST_PEOPLE)}{_TAILS[number % len(_TAILS)]}",
        email=f"{MARK.lower()}.{word}+{number}@{word}-{MARK.lower()}.example",
        phone=f"+44{PHONE_HEAD}{number:03d}",
        born_on=birthday(number),
    )


def birthday(number: int) -> str:
    """A day of their own, in years of which nothing else in a stack speaks."""
    return (date(1931, 1, 1) + timedelta(days=9 * number)).isoformat()


@cache
def cards(count: int) -> tuple[str, ...]:
    """So many numbers, all schemes and lengths in turn; each passes Luhn, none was ever issued."""
    return tuple(_card(*_ISSUED[number % len(_ISSUED)], number) for number in range(count))


def disguised(card: str, number: int) -> str:
    """The same number, written as people and forms write it."""
    fours = [card[place : place + 4] for place in range(0, len(card), 4)]
    forms = (card, " ".join(fours), "-".join(fours), card.translate(_WIDE), f"card {card}, thanks", f" {card} ")
    return forms[number % len(forms)]


def luhn(digits: str) -> bool:
    """The check of ISO/IEC 7812-1, written out a second time."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        total += sum(divmod(int(digit) * (2 if place % 2 else 1), 10))
    return total % 10 == 0


def _card(head: str, length: int, number: int) -> str:
    body = f"{head}{str(7_351_964_208_173 + number * 104_729_613)[::-1]:0<20}"[: length - 1]
    return next(body + last for last in "0123456789" if luhn(body + last))


def _word(number: int) -> str:
    letters = ""
    for _ in range(3):
        number, syllable = divmod(number, len(_CONSONANTS) * len(_VOWELS))
        letters += _CONSONANTS[syllable // len(_VOWELS)] + _VOWELS[syllable % len(_VOWELS)]
    return letters
