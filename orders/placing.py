"""What a caller asks for at accept, checked against the offer. Pure: no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from altis.shared.errors import Fault
from orders.errors import PassengerMismatch, PassengerTypeMismatch


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody to travel, as named at accept."""

    given_name: str
    family_name: str
    born_on: date


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the owner can be reached about this order."""

    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Extra:
    """Something chosen on top of the offer: for one passenger, and perhaps on one segment (both by index)."""

    product_id: str
    quantity: int = 1
    passenger: int | None = None
    segment: int | None = None
    seat: str = ""


AGES = {"infant": range(2), "child": range(2, 12), "adult": range(12, 200)}


def age_on(born_on: date, day: date) -> int:
    """Whole years of age on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def fits(passenger_type: str, age: int) -> bool:
    """Whether an age is that of the type: infant under 2, child 2 to 11, adult from 12."""
    return age in AGES[passenger_type]


def check_travellers(types: Sequence[str], travellers: Sequence[Traveller], *, departs_on: date) -> None:
    """Pass when the travellers are those that were searched for, in order.

    Raises PassengerMismatch for another number, PassengerTypeMismatch for each birth date that contradicts its type.
    """
    if len(types) != len(travellers):
        raise PassengerMismatch.at("/passengers")
    faults = [
        Fault(f"/passengers/{index}/born_on", PassengerTypeMismatch.code, PassengerTypeMismatch.message)
        for index, (type, traveller) in enumerate(zip(types, travellers, strict=True))
        if not fits(type, age_on(traveller.born_on, departs_on))
    ]
    if faults:
        raise PassengerTypeMismatch(faults=faults)


def departs_at(slices: Sequence[dict[str, Any]]) -> datetime:
    """When a trip, as an order has it, departs first."""
    return datetime.fromisoformat(slices[0]["segments"][0]["departing_at"])
