"""The shape of a BCBP: its parts as data classes, and one table of fields for each section."""

import re
from dataclasses import dataclass
from typing import Final

from altis.shared.errors import Invalid

MAX_LEGS: Final = 4
MAX_SECTION: Final = 0xFF  # a section's size is two hexadecimal digits
SECURITY_MARK: Final = "^"
VERSION_MARK: Final = ">"


class InvalidBarcode(Invalid):
    """The text is not a boarding barcode. The detail names the field, never its value: it may be personal."""

    code = "invalid_barcode"
    message = "This is not a valid barcode."


class Unencodable(ValueError):
    """A value that has no place in a BCBP: a mistake of the caller, not of a customer."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its attribute name, its width in characters and the values it may hold when it is not blank."""

    name: str
    width: int
    pattern: re.Pattern[str]
    required: bool = False

    def accepts(self, value: str) -> bool:
        """Whether `value`, without its padding, may stand in this field."""
        if not value:
            return not self.required
        return len(value) <= self.width and self.pattern.fullmatch(value) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One leg. All values without padding; "" is blank. Below the gap: the leg's conditional fields."""

    reference: str
    origin: str
    destination: str
    carrier: str
    flight_number: str
    day_of_year: str
    compartment: str = ""
    seat: str = ""
    sequence: str = ""
    status: str = "0"

    airline_numeric: str = ""
    document_number: str = ""
    selectee: str = ""
    intl_doc_verification: str = ""
    marketing_carrier: str = ""
    ff_airline: str = ""
    ff_number: str = ""
    id_ad_indicator: str = ""
    free_baggage: str = ""
    fast_track: str = ""
    airline_use: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """The conditional fields that stand once in a barcode, in its first leg."""

    version: str = "6"
    passenger_description: str = ""
    checkin_source: str = ""
    issuance_source: str = ""
    issue_date: str = ""
    document_type: str = ""
    issuer: str = ""
    bag_tag: str = ""
    bag_tag_2: str = ""
    bag_tag_3: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """The signature at the end: one character of type, and data whose spaces count."""

    type: str = "1"
    data: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardingPass:
    """What one barcode says: a passenger and one to four legs in order of travel."""

    name: str
    legs: tuple[Leg, ...]
    indicator: str = "E"
    details: Details | None = None
    security: Security | None = None


_DAY = r"(?:00[1-9]|0[1-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])"  # day of the year, 001 to 366
_WORD = re.compile(r"[0-9A-Z]+")
_CARRIER = re.compile(r"[0-9A-Z]{2,3}")
_AIRPORT = re.compile(r"[A-Z]{3}")
_FREE = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # anything printable that padding cannot be confused with

HEAD: Final = (
    Field("name", 20, re.compile(r"[A-Za-z](?:[A-Za-z /]*[A-Za-z])?"), required=True),
    Field("indicator", 1, re.compile(r"[EL]")),
)
LEG: Final = (
    Field("reference", 7, _WORD),
    Field("origin", 3, _AIRPORT, required=True),
    Field("destination", 3, _AIRPORT, required=True),
    Field("carrier", 3, _CARRIER, required=True),
    Field("flight_number", 5, re.compile(r"[0-9]{4}[A-Z]?")),
    Field("day_of_year", 3, re.compile(_DAY)),
    Field("compartment", 1, re.compile(r"[A-Z]")),
    Field("seat", 4, re.compile(r"[0-9]{3}[A-Z]|[A-Z]{3,4}")),
    Field("sequence", 5, re.compile(r"[0-9]{4}[0-9A-Z]?")),
    Field("status", 1, _WORD),
)
VERSION: Final = Field("version", 1, re.compile(r"[1-8]"), required=True)
ONCE: Final = (
    Field("passenger_description", 1, _WORD),
    Field("checkin_source", 1, _WORD),
    Field("issuance_source", 1, _WORD),
    Field("issue_date", 4, re.compile(r"[0-9]" + _DAY)),
    Field("document_type", 1, re.compile(r"[A-Z]")),
    Field("issuer", 3, _CARRIER),
    Field("bag_tag", 13, _WORD),
    Field("bag_tag_2", 13, _WORD),
    Field("bag_tag_3", 13, _WORD),
)
REPEATED: Final = (
    Field("airline_numeric", 3, _WORD),
    Field("document_number", 10, _WORD),
    Field("selectee", 1, _WORD),
    Field("intl_doc_verification", 1, _WORD),
    Field("marketing_carrier", 3, _CARRIER),
    Field("ff_airline", 3, _CARRIER),
    Field("ff_number", 16, _FREE),
    Field("id_ad_indicator", 1, _WORD),
    Field("free_baggage", 3, _WORD),
    Field("fast_track", 1, re.compile(r"[YN]")),
)
# Whatever the airline likes, to the end of the leg's section.
AIRLINE_USE: Final = Field("airline_use", MAX_SECTION, re.compile(r"[ -~]*[!-~]"))
SECURITY_TYPE: Final = Field("type", 1, re.compile(r"[!-~]"), required=True)
SECURITY_DATA: Final = Field("data", MAX_SECTION, re.compile(r"[ -~]*"))
