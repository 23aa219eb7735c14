"""The form for who travels: the rules are those of the API's own, and what is wrong stands beside its field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict

from altis.api.serializers import read_values
from altis.shared.cards import has_card_number
from altis.shared.errors import Fault, Invalid
from altis.shop import words
from offers.documents import Passenger
from orders.api.requests import AcceptIn, accept_arguments

_PERSON: Final = ("given_name", "family_name", "born_on")
_AGES: Final = {"adult": "12 or older", "child": "2 to 11 years old", "infant": "under 2, on an adult’s lap"}
_OF_PERSON = re.compile(r"/passengers/([0-9]+)/(given_name|family_name|born_on)")
_OF_CONTACT = re.compile(r"/contact/(email|phone)")
_LONGEST = 300


@dataclass(slots=True)
class TravellersForm:
    """The fields by name (`given_name-0`, `email`), as they were typed, and what is wrong with them."""

    passengers: Sequence[Passenger]
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, passengers: Sequence[Passenger], posted: QueryDict) -> "TravellersForm":
        """What was posted for these passengers."""
        names = [f"{name}-{number}" for number in range(len(passengers)) for name in _PERSON]
        return cls(passengers, {name: posted.get(name, "").strip()[:_LONGEST] for name in (*names, "email", "phone")})

    def arguments(self) -> dict[str, Any] | None:
        """What the service wants to know; None when the form says what is wrong."""
        people = [{name: self.values[f"{name}-{number}"] for name in _PERSON} for number in range(len(self.passengers))]
        contact = {name: self.values[name] for name in ("email", "phone") if name == "email" or self.values[name]}
        try:
            return accept_arguments(read_values(AcceptIn, {"passengers": people, "contact": contact}))
        except Invalid as refusal:
            self.refuse(refusal)
            return None

    def refuse(self, refusal: Invalid) -> None:
        """Put each fault beside its field, and show no card number again; raises what belongs to no field."""
        for fault in refusal.faults:
            name = _field_of(fault)
            if not name:
                raise refusal
            self.errors.setdefault(name, words.beside(name.partition("-")[0], fault.code, fault.detail))
        if not refusal.faults:
            raise refusal
        self.values = {name: "" if has_card_number(value) else value for name, value in self.values.items()}

    def people(self) -> list[dict[str, Any]]:
        """One group of fields for each passenger."""
        return [
            {
                "number": number,
                "heading": f"Traveller {number + 1}: {passenger.type}",
                "hint": _AGES[passenger.type],
                "fields": [self._field(f"{name}-{number}") for name in _PERSON],
            }
            for number, passenger in enumerate(self.passengers)
        ]

    def contact(self) -> list[dict[str, str]]:
        """The fields of whoever books."""
        return [self._field("email"), self._field("phone")]

    def summary(self) -> list[tuple[str, str]]:
        """The id of each field that is wrong, and what is, in the order of the form."""
        return [(name, f"{self._whose(name)}{self.errors[name]}") for name in self._names() if name in self.errors]

    def _whose(self, name: str) -> str:
        """Before a message that would stand there for several travellers alike."""
        number = name.partition("-")[2]
        return f"Traveller {int(number) + 1}: " if number and len(self.passengers) > 1 else ""

    def _names(self) -> list[str]:
        numbers = range(len(self.passengers))
        return [*(f"{name}-{number}" for number in numbers for name in _PERSON), "email", "phone"]

    def _field(self, name: str) -> dict[str, str]:
        kind = name.partition("-")[0]
        # The first traveller is most often whoever books: a browser may fill in their own name.
        mine = name.endswith("-0") or "-" not in name
        return {
            "id": name,
            "kind": kind,
            "label": _LABELS[kind],
            "value": self.values.get(name, ""),
            "error": self.errors.get(name, ""),
            "autocomplete": _AUTOCOMPLETE[kind] if mine else "off",
        }


_LABELS: Final = {
    "given_name": "Given name",
    "family_name": "Family name",
    "born_on": "Date of birth",
    "email": "E-mail address",
    "phone": "Telephone",
}
_AUTOCOMPLETE: Final = {
    "given_name": "given-name",
    "family_name": "family-name",
    "born_on": "bday",
    "email": "email",
    "phone": "tel",
}


def _field_of(fault: Fault) -> str:
    person = _OF_PERSON.fullmatch(fault.pointer)
    if person:
        return f"{person[2]}-{person[1]}"
    contact = _OF_CONTACT.fullmatch(fault.pointer)
    return contact[1] if contact else ""
