"""From a passenger and flights to barcode payloads: what Altis prints, and what it leaves blank."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeVar

from orders.barcodes.encode import encode
from orders.barcodes.fields import MAX_LEGS, BoardingPass, Details, Leg, Unencodable
from orders.barcodes.names import barcode_name

PassengerType = Literal["adult", "child", "infant"]
DocumentType = Literal["I", "B"]  # itinerary receipt at purchase, boarding pass after check-in

# Resolution 792, item 15. An infant has a document of its own, so its adult is 0 and not 6 (adult with infant).
DESCRIPTIONS: Final[dict[str, str]] = {"adult": "0", "child": "3", "infant": "4"}
COMPARTMENTS: Final[dict[str, str]] = {
    "economy": "Y",
    "premium_economy": "W",
    "business": "J",
    "first": "F",
}
INFANT_SEAT: Final = "INF"  # BCBP Implementation Guide, 5.3.6
NOT_CHECKED_IN: Final = "0"

_FLIGHT_NUMBER = re.compile(r"([0-9]{1,4})([A-Z]?)")
_SEAT = re.compile(r"([0-9]{1,3})([A-Z])")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightLeg:
    """One flight as a barcode needs it. `departs_on` is the local date of departure; `seat` like "12A" or ""."""

    carrier: str
    flight_number: str
    origin: str
    destination: str
    departs_on: date
    cabin: str
    seat: str = ""
    sequence: int | None = None
    status: str = NOT_CHECKED_IN


def split_legs(legs: Sequence[_T]) -> list[tuple[_T, ...]]:
    """The legs in groups of up to four, in order: one group a document."""
    return [tuple(legs[start : start + MAX_LEGS]) for start in range(0, len(legs), MAX_LEGS)]


def boarding_payloads(  # noqa: PLR0913 - keyword-only data of one document
    *,
    family_name: str,
    given_name: str,
    passenger_type: PassengerType,
    reference: str,
    legs: Sequence[FlightLeg],
    issued_on: date,
    issuer: str,
    document_type: DocumentType = "I",
) -> list[str]:
    """The barcode texts of one passenger, up to four legs in each. Raises `Unencodable`."""
    details = Details(
        passenger_description=DESCRIPTIONS[passenger_type],
        issue_date=f"{issued_on.year % 10}{issued_on:%j}",
        document_type=document_type,
        issuer=issuer,
    )
    name = barcode_name(family_name=family_name, given_name=given_name)
    infant = passenger_type == "infant"
    groups = split_legs([_leg(flight, reference=reference, infant=infant) for flight in legs])
    return [encode(BoardingPass(name=name, legs=group, details=details)) for group in groups]


def _leg(flight: FlightLeg, *, reference: str, infant: bool) -> Leg:
    return Leg(
        reference=reference,
        origin=flight.origin,
        destination=flight.destination,
        carrier=flight.carrier,
        flight_number=_padded(flight.flight_number, _FLIGHT_NUMBER, 4, "flight number"),
        day_of_year=f"{flight.departs_on:%j}",
        compartment=COMPARTMENTS[flight.cabin],
        seat=INFANT_SEAT if infant else _padded(flight.seat, _SEAT, 3, "seat"),
        sequence="" if flight.sequence is None else f"{flight.sequence:04d}",
        status=flight.status,
    )


def _padded(value: str, pattern: re.Pattern[str], digits: int, what: str) -> str:
    """ "12A" → "012A": the number filled with zeros, the letter after it."""
    if not value:
        return ""
    found = pattern.fullmatch(value)
    if found is None:
        raise Unencodable(f"not a {what}")
    return found[1].zfill(digits) + found[2]
