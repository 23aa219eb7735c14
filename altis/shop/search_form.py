"""The search form: from the words of a visitor to a request for offers, and back to what stands beside each field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.http import QueryDict

from altis.api.fields import UNSAFE
from altis.api.serializers import read_values
from altis.shared.cards import has_card_number
from altis.shared.clock import now
from altis.shared.errors import Fault, Invalid
from altis.shop import words
from altis.shop.search_address import search_address
from altis.shop.selectors import End, airports_meant
from catalog.models import Airport, Cabin
from offers.api.serializers import SearchIn, search_request
from offers.trip import SearchRequest

_LONGEST = 80
_UNSAFE = re.compile(f"[{UNSAFE}]")
ENDS: Final[tuple[End, ...]] = ("origin", "destination")
FIELDS: Final = ("origin", "destination", "date", "back", "adults", "children", "infants", "ages", "cabin")
_DEFAULTS: Final = {"adults": "1", "children": "0", "infants": "0", "cabin": Cabin.ECONOMY.value}
_NAMED: Final = (
    (re.compile(r"/slices/[01]/(?:origin)"), "origin"),
    (re.compile(r"/slices/[01]/(?:destination)"), "destination"),
    (re.compile(r"/slices/0/departure_date"), "date"),
    (re.compile(r"/slices/1/departure_date"), "back"),
    (re.compile(r"/passengers/[0-9]+/age"), "ages"),
    (re.compile(r"/cabin"), "cabin"),
)


@dataclass(slots=True)
class SearchForm:
    """The fields as they were typed, and what is wrong with them. `places`: airports by field, once they are known."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    places: dict[str, Airport] = field(default_factory=dict)

    @classmethod
    def begun(cls, query: QueryDict) -> "SearchForm":
        """A form to begin with: what a link to it says, else one adult in two weeks. Nothing in it is wrong yet."""
        form, today = cls.of(query), now().date()
        if form.values["date"] < today.isoformat():
            form.values["date"] = (today + timedelta(days=14)).isoformat()
            form.values["back"] = ""
        form.errors.clear()
        return form

    @classmethod
    def of(cls, query: QueryDict) -> "SearchForm":
        """What the query says; a card number is not even shown again."""
        form = cls({name: query.get(name, _DEFAULTS.get(name, "")).strip()[:_LONGEST] for name in FIELDS})
        for name, value in form.values.items():
            if has_card_number(value) or _UNSAFE.search(value):
                form.values[name] = ""
                form.errors[name] = words.beside(name, "invalid_characters")
        return form

    def request(self) -> SearchRequest | None:
        """What to search for; None when the form says what is wrong."""
        ends: dict[str, str] = {name: self._place(name) for name in ENDS}
        passengers = self._passengers()
        if self.errors:
            return None
        slices = [{**ends, "departure_date": self.values["date"]}]
        if self.values["back"]:
            back = {"origin": ends["destination"], "destination": ends["origin"]}
            slices.append({**back, "departure_date": self.values["back"]})
        asked = {"slices": slices, "passengers": passengers, "cabin": self.values["cabin"]}
        try:
            return search_request(read_values(SearchIn, asked))
        except Invalid as refusal:
            self.refuse(refusal)
            return None

    def refuse(self, refusal: Invalid) -> None:
        """Put each fault beside its field; the first one of a field stands."""
        for fault in refusal.faults or (Fault("", refusal.code, refusal.detail),):
            name = _field_of(fault)
            self.errors.setdefault(name, words.beside(name, fault.code, fault.detail))

    def summary(self) -> list[tuple[str, str]]:
        """The id of each field that is wrong, and what is, in the order of the form."""
        return [(name, self.errors[name]) for name in FIELDS if name in self.errors]

    def link(self, **other: str) -> str:
        """The same search with other values; it is one way when the way back would come before."""
        codes = {name: place.code for name, place in self.places.items()}
        asked = {**self.values, **codes, **other}
        asked["back"] = asked["back"] if asked["back"] >= asked["date"] else ""
        return search_address(asked)

    def _place(self, name: End) -> str:
        typed = self.values[name]
        if not typed:
            self.errors.setdefault(name, words.beside(name, "required"))
            return ""
        found = airports_meant(typed, name)
        if len(found) != 1:
            names = ", ".join(label(airport) for airport in found[:4])
            unclear = f"Say which airport you mean: {names}" if found else words.beside(name, "unknown_airport")
            self.errors.setdefault(name, unclear)
            return ""
        self.places[name] = found[0]
        self.values[name] = label(found[0])
        return found[0].code

    def _passengers(self) -> list[dict[str, Any]]:
        counts = {name: _count(self.values[name]) for name in ("adults", "children", "infants")}
        for name, count in counts.items():
            if count is None:
                self.errors.setdefault(name, "Choose a number from 0 to 9")
        ages = re.findall(r"[^\s,;]+", self.values["ages"])
        children = counts["children"] or 0
        if ages and (len(ages) != children or not all(re.fullmatch(r"[0-9]{1,3}", age) for age in ages)):
            self.errors.setdefault("ages", words.beside("ages", "too_few_ages"))
            ages = []
        if not any(counts.values()):
            self.errors.setdefault("adults", "Somebody has to travel: choose at least one adult")
        known: list[dict[str, Any]] = [{"age": int(age)} for age in ages] or [{} for _ in range(children)]
        adults, infants = counts["adults"] or 0, counts["infants"] or 0
        return [
            *({"type": "adult"} for _ in range(adults)),
            *({"type": "child", **age} for age in known),
            *({"type": "infant"} for _ in range(infants)),
        ]


def label(airport: Airport) -> str:
    """As it stands in the field: `London (LHR)`."""
    return f"{airport.place} ({airport.code})"


def choices() -> Mapping[str, Any]:
    """What the lists of the form have to choose from."""
    return {
        "numbers": {"adults": range(10), "children": range(9), "infants": range(5)},
        "cabins": Cabin.choices,
        "today": now().date().isoformat(),
    }


def _count(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]", text) else None


def _field_of(fault: Fault) -> str:
    for pattern, name in _NAMED:
        if pattern.fullmatch(fault.pointer):
            return name
    return "infants" if fault.code == "too_many_infants" else "adults"
